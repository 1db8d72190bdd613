"""What is frozen with a case: the detector in words, its signs, every subject's own reasons."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import polars as pl

from models.learning import LEARNERS
from models.rules import Wording, load_rules
from models.scorecards import Sign, load_detectors

LEARNED: Final = Wording(
    zh="模型从过去的人工裁决中学到：与此相似的，人们曾判为作弊。理由是抹平后会使分数下降的那些数值。",
    en="Learned from what people decided: they confirmed what looked like this. The reasons are "
    "the values without which the score would be lower.",
)
EVIDENCE_ROWS: Final = 200  # a frozen sample: enough to see the rhythm of a ring


@dataclass(frozen=True)
class Described:
    """What people are told of a detector; ``signs`` are its reasons, by name."""

    description: Wording
    signs: Mapping[str, Sign]


@cache
def described() -> dict[str, Described]:
    """Rules and the detectors of all scorecards, by name."""
    rules = {name: Described(rule.description, {}) for name, rule in load_rules().items()}
    cards = {
        name: Described(detector.description, {sign.name: sign for sign in detector.signs})
        for name, detector in load_detectors().items()
    }
    return rules | cards | {learner.detector: Described(LEARNED, {}) for learner in LEARNERS}


def evidence_of(detector: Described, group: pl.DataFrame) -> dict[str, Any]:
    evidence: dict[str, Any] = {"rule": detector.description.model_dump()}
    reasons = group.select("subject_id", "reason_codes").explode("reason_codes").drop_nulls()
    if not reasons.is_empty():
        evidence |= {
            "probability": round(max(group["probability"].to_list()), 4),
            "signs": _signs(detector, reasons["reason_codes"].to_list(), group.height),
            "subjects": [
                {**row, "event_date": row["event_date"].isoformat()}
                for row in group.select("subject_id", "event_date", "probability", "reason_codes")
                .head(EVIDENCE_ROWS)
                .iter_rows(named=True)
            ],
        }
    return evidence


def _signs(detector: Described, reasons: list[str], subjects: int) -> list[dict[str, Any]]:
    """Each sign in words, with the number of subjects that show it; what gave the most points, or
    is the most frequent where there are none, comes first."""
    counted = Counter(reason.partition("=")[0] for reason in reasons)
    known = {name: detector.signs.get(name) for name in counted}
    points = {name: sign.points if sign else 1 for name, sign in known.items()}
    return [
        {
            "sign": name,
            "words": {"zh": sign.zh, "en": sign.en} if (sign := known[name]) else {},
            "subjects": counted[name],
            "of": subjects,
        }
        for name in sorted(counted, key=lambda name: -counted[name] * points[name])
    ]


def evidence_of_clicks(group: pl.DataFrame) -> dict[str, Any]:
    """The clicks by time; the actor only where all clicks are one actor's."""
    first = group.row(0, named=True)
    one_actor = group.select("address", "device_model", "os").n_unique() == 1
    one_campaign = group["campaign_id"].n_unique() == 1
    names = ("address", "device_model", "os") if one_actor else ()
    return {
        "actor": {name: first[name] for name in names if first[name]},
        **({"campaign_id": first["campaign_id"]} if one_campaign else {}),
        "brand_id": first["brand_id"] if group["brand_id"].n_unique() == 1 else "",
        "clicks": [
            {
                "click_id": click["click_id"],
                "clicked_at": click["occurred_at"].isoformat() + "Z",
                "campaign_id": click["campaign_id"],
                "seconds_since_previous": click["seconds_since_previous"],
                "flagged": click["is_flagged"],
            }
            for click in group.head(EVIDENCE_ROWS).iter_rows(named=True)
        ],
    }
