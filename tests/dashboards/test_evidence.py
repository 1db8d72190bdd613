from datetime import UTC, datetime

from dashboards.review.evidence import Click, clicks_frame, parsed, span_seconds
from dashboards.review.wording import actor_part, case_title

FROZEN = {
    "rule": {"zh": "十分钟内的重复点击", "en": "A repeat within ten minutes"},
    "actor": {"address": "a3f9", "device_model": "m-10"},
    "campaign_id": "c1",
    "clicks": [
        {"click_id": "k2", "clicked_at": "2026-08-30T16:00:42Z", "seconds_since_previous": 42},
        {"click_id": "k1", "clicked_at": "2026-08-30T16:00:00Z", "seconds_since_previous": None},
    ],
    "max_gap_seconds": 600,
}


def test_clicks_stand_in_order_of_time_and_subjects_are_the_suspicious_ones() -> None:
    evidence = parsed(FROZEN, subjects={"k2"})
    start = datetime(2026, 8, 30, 16, tzinfo=UTC)
    assert evidence.clicks == (
        Click("k1", start, "c1", None, flagged=False),
        Click("k2", start.replace(second=42), "c1", 42.0, flagged=True),
    )
    assert (evidence.flagged, span_seconds(evidence)) == (1, 42.0)


def test_the_rule_is_told_in_the_readers_language_or_in_any() -> None:
    assert parsed(FROZEN, ()).rule_in("en") == "A repeat within ten minutes"
    assert parsed({"rule": "one wording"}, ()).rule_in("zh") == "one wording"
    assert parsed({}, ()).rule_in("zh") == "–"


def test_whatever_else_a_detector_froze_is_kept() -> None:
    assert parsed(FROZEN, ()).rest == {"max_gap_seconds": 600}


def test_times_are_told_on_the_reporting_clock() -> None:
    rows = clicks_frame(parsed(FROZEN, {"k2"}), "Asia/Shanghai", "en")
    assert rows.select("clock", "gap", "state").rows() == [
        ("08-31 00:00:00", "–", "for reference"),
        ("08-31 00:00:42", "42 s", "suspicious"),
    ]
    midnight = datetime(2026, 8, 31, tzinfo=UTC)
    assert rows["at_ms"][0] == midnight.timestamp() * 1_000


def test_evidence_without_clicks_is_an_empty_table() -> None:
    assert clicks_frame(parsed({}, ()), "UTC", "zh").is_empty()


def test_a_case_is_titled_by_its_rule_in_the_readers_language() -> None:
    assert case_title("impossible_repeat", "12", "zh") == "不可能的重复点击 · 计划 12"
    assert case_title("impossible_repeat", "12", "en") == "Impossible repeat · campaign 12"
    assert case_title("retired_rule", "12", "en") == "retired_rule · 12"


def test_a_long_pseudonym_is_cut_and_an_unknown_part_keeps_its_name() -> None:
    assert actor_part("address", "0123456789abcdef", "zh") == "地址 `0123456789ab…`"
    assert actor_part("browser", "x", "en") == "browser `x`"
