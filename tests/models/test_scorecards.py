"""Points for signs become signals: enough points, of at least two families, with their reasons."""

from datetime import date

import duckdb
import polars as pl
import pytest
from pydantic import ValidationError

from models.learning import LEARNERS
from models.rules import load_rules
from models.scorecards import Scorecard, load_detectors, load_scorecards
from models.scorecards.scoring import signals

DAY = date(2026, 8, 30)
CARD = {
    "subject": "review",
    "reads": "conduct",
    "version": 3,
    "kind": "sivt",
    "detectors": [
        {
            "name": "bought",
            "title": {"zh": "买来的评价", "en": "Bought reviews"},
            "description": {"zh": "…", "en": "…"},
            "case_by": ["brand_id"],
            "needs": {"points": 3, "families": 2},
            "signs": [
                {"name": "quick", "family": "time", "when": "seconds < 5", "points": 2},
                {"name": "quicker", "family": "time", "when": "seconds < 2", "points": 2},
                {"name": "copied", "family": "text", "when": "twins >= 2", "points": 1},
            ],
        }
    ],
}
for sign in CARD["detectors"][0]["signs"]:  # type: ignore[index]
    sign |= {"zh": "…", "en": "…"}


class Literal:
    """Rows that stand for a table of conduct."""

    def __init__(self, *rows: tuple[str, float | None, int | None]) -> None:
        columns = {"review_id": pl.String, "seconds": pl.Float64, "twins": pl.Int64}
        self._connection = duckdb.connect()
        frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(
            event_date=pl.lit(DAY), brand_id=pl.lit("b1"), actor_id=pl.lit("u1")
        )
        self._connection.register("conduct", frame.to_arrow())

    def sql(self, query: str) -> pl.DataFrame:
        filled = query.replace("$from_date", f"DATE '{DAY}'").replace("$to_date", f"DATE '{DAY}'")
        return self._connection.sql(filled).pl()


def flagged(*rows: tuple[str, float | None, int | None]) -> pl.DataFrame:
    return signals(Scorecard.model_validate(CARD), Literal(*rows))  # type: ignore[arg-type]


def test_fewer_points_wait_for_a_person_where_the_card_says_so() -> None:
    (detector,) = CARD["detectors"]  # type: ignore[misc, attr-defined]
    waits = {**detector, "needs": {"points": 5, "to_wait": 3, "families": 2}}
    card = Scorecard.model_validate({**CARD, "detectors": [waits]})
    rows = Literal(("r3", 4.0, 2), ("r5", 1.0, 2), ("r2", 4.0, 0))
    found = signals(card, rows)  # type: ignore[arg-type]
    assert found.select("review_id", "probability").rows() == [("r3", 0.5), ("r5", 0.6)]


def test_without_a_sign_that_it_takes_a_detector_is_silent() -> None:
    (detector,) = CARD["detectors"]  # type: ignore[misc, attr-defined]
    takes = {**detector, "needs": {"points": 3, "families": 2, "signs": ["quicker"]}}
    card = Scorecard.model_validate({**CARD, "detectors": [takes]})
    found = signals(card, Literal(("quick", 4.0, 2), ("quicker", 1.0, 2)))  # type: ignore[arg-type]
    assert found["review_id"].to_list() == ["quicker"]


def test_points_of_one_family_accuse_nobody() -> None:
    assert flagged(("r1", 1.0, 0)).is_empty()


def test_points_of_two_families_make_a_signal_with_a_reason_for_each() -> None:
    found = flagged(("r1", 4.0, 2), ("r2", 9.0, 0), ("r3", 9.0, 0), ("r4", 9.0, 0))
    assert found.select("review_id", "detector", "detector_version", "kind", "state").rows() == [
        ("r1", "bought", 3, "sivt", "live")
    ]
    assert found["case_key"].to_list() == ["bought:b1"]
    assert found["reason_codes"].to_list() == [["quick=4@25", "copied=2@100"]]


def test_a_sign_of_what_is_not_known_has_a_reason_without_a_value() -> None:
    (detector,) = CARD["detectors"]  # type: ignore[misc, attr-defined]
    silent = {"name": "silent", "family": "text", "when": "twins IS NULL", "points": 1}
    signs = [*detector["signs"], {**silent, "zh": "…", "en": "…"}]
    card = Scorecard.model_validate({**CARD, "detectors": [{**detector, "signs": signs}]})
    found = signals(card, Literal(("r1", 4.0, None), ("r2", 9.0, 0)))  # type: ignore[arg-type]
    assert found["reason_codes"].to_list() == [["quick=4@50", "silent=none"]]


def test_each_reason_neutralised_lowers_the_probability() -> None:
    (strong, weaker) = flagged(("r1", 1.0, 2), ("r2", 4.0, 2))["probability"]
    assert strong > weaker
    assert flagged(("r1", 1.0, 1)).is_empty()


def test_a_sign_says_nothing_of_what_is_not_known() -> None:
    assert flagged(("r1", None, 5), ("r2", 1.0, None)).is_empty()


def test_a_day_without_conduct_has_no_signals() -> None:
    assert flagged().is_empty()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"needs": {"points": 9, "families": 2}}, "all signs together have 5 points"),
        ({"needs": {"points": 3, "families": 1}}, "greater than or equal to 2"),
        ({"needs": {"points": 3, "to_wait": 4, "families": 2}}, "4 points to wait, but 3"),
        ({"needs": {"points": 3, "families": 2, "signs": ["slow"]}}, r"does not have: \['slow'\]"),
    ],
)
def test_a_detector_that_never_speaks_or_speaks_too_soon_is_refused(
    change: dict[str, object], said: str
) -> None:
    detector = {**CARD["detectors"][0], **change}  # type: ignore[index]
    with pytest.raises(ValidationError, match=said):
        Scorecard.model_validate({**CARD, "detectors": [detector]})


def test_every_detector_has_a_name_of_its_own() -> None:
    """Cases, trust and labels go by it."""
    names = [detector.name for card in load_scorecards() for detector in card.detectors]
    names += [*load_rules(), *(learner.detector for learner in LEARNERS)]
    assert sorted(names) == sorted(set(names))


def test_every_detector_and_sign_has_words() -> None:
    for detector in load_detectors().values():
        assert detector.title.zh
        assert all(sign.zh and sign.en for sign in detector.signs)


def test_words_in_chinese_keep_no_space_where_a_line_was_folded() -> None:
    card = {**CARD, "detectors": [{**CARD["detectors"][0]}]}
    words = {"zh": "得利的通常是品牌， 也可能是对手 为了让品牌 A 受罚", "en": "…"}
    card["detectors"][0]["description"] = words
    (detector,) = Scorecard.model_validate(card).detectors
    assert detector.description.zh == "得利的通常是品牌，也可能是对手为了让品牌 A 受罚"
