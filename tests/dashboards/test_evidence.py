from datetime import UTC, datetime

from dashboards.formats import Language
from dashboards.review.evidence import (
    Click,
    clicks_frame,
    parsed,
    signs_frame,
    span_seconds,
    subjects_frame,
)
from dashboards.review.wording import actor_part, case_title
from platform_core.moderation import CaseSummary, SubjectType

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


CALLED = {"brand_1": "雾里山", "campaign_2": "Spring"}


def titled(detector: str, title: str, subject_type: SubjectType, language: Language) -> str:
    return case_title(
        CaseSummary(
            case_id="case_1",
            case_key="key",
            round=1,
            version=1,
            subject_type=subject_type,
            detector=detector,
            detector_version=1,
            kind="givt",
            title=title,
            priority=1.0,
            subject_count=1,
            opened_at=datetime(2026, 8, 31, tzinfo=UTC),
            verdict=None,
            decided_at=None,
            appealed_at=None,
        ),
        language,
        CALLED,
    )


def test_a_case_is_titled_by_its_rule_in_the_readers_language() -> None:
    assert titled("impossible_repeat", "12", "ad_click", "zh") == "不可能的重复点击 · 计划 12"
    assert titled("impossible_repeat", "12", "ad_click", "en") == "Impossible repeat · campaign 12"
    assert titled("retired_rule", "12", "order", "en") == "retired_rule · 12"


def test_a_title_names_the_campaign_brand_or_shop_and_cuts_a_pseudonym() -> None:
    assert (
        titled("datacentre", "campaign_2:host", "ad_click", "en") == "Data centre · campaign Spring"
    )
    assert titled("attack", "brand_1", "review", "zh").endswith(" · 品牌 雾里山")
    assert titled("self_purchase", "shop_9", "order", "en").endswith(" · shop shop_9")
    assert titled("click_farm", "0123456789abcdef" * 2, "ad_click", "en").endswith(
        " · 0123456789ab…"
    )


def test_signs_are_told_in_words_with_how_many_show_them() -> None:
    signs = [
        {"sign": "copied", "words": {"zh": "抄来的", "en": "Copied"}, "subjects": 3, "of": 4},
        {"sign": "retired", "words": {}, "subjects": 1, "of": 4},
    ]
    shown = signs_frame(parsed({"signs": signs}, ()), "zh")
    assert shown.rows() == [("抄来的", 0.75, 3), ("retired", 0.25, 1)]


def test_each_subject_shows_its_own_reasons() -> None:
    subject = {"subject_id": "shop:o1", "event_date": "2026-08-30", "probability": 0.7}
    reasons = {"reason_codes": ["copied=3@99", "quick=2@4"]}
    shown = subjects_frame(parsed({"subjects": [subject | reasons]}, ()))
    assert shown.rows() == [("2026-08-30", "shop:o1", 0.7, "copied=3@99  quick=2@4")]


def test_a_long_pseudonym_is_cut_and_an_unknown_part_keeps_its_name() -> None:
    assert actor_part("address", "0123456789abcdef", "zh") == "地址 `0123456789ab…`"
    assert actor_part("browser", "x", "en") == "browser `x`"
