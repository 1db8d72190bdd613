"""Frozen evidence as facts: the rule in words, who, and every click.

A detector freezes this shape; whatever else it adds is shown as it is::

    {"rule": {"zh": "…", "en": "…"}, "actor": {"address": "…", …}, "campaign_id": "…",
     "brand_id": "…",
     "clicks": [{"click_id": "…", "clicked_at": "2026-08-30T01:02:03Z",
                 "seconds_since_previous": 42, "flagged": true}, …],
     "probability": 0.9,
     "signs": [{"sign": "…", "words": {"zh": "…", "en": "…"}, "subjects": 8, "of": 9}, …],
     "subjects": [{"subject_id": "…", "event_date": "2026-08-30", "probability": 0.9,
                   "reason_codes": ["…", …]}, …]}
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from dashboards.formats import MISSING, Language, clock, duration
from dashboards.strings import speaker

KNOWN: Final = frozenset(
    {"rule", "actor", "campaign_id", "brand_id", "clicks", "probability", "signs", "subjects"}
)
LANE_LETTERS: Final = 18
CLICK_COLUMNS: Final[dict[str, pl.DataType]] = {
    "at_ms": pl.Int64(),
    "clock": pl.String(),
    "click_id": pl.String(),
    "campaign": pl.String(),
    "gap": pl.String(),
    "state": pl.String(),
    "flagged": pl.Boolean(),
}
SIGN_COLUMNS: Final = {"words": pl.String, "share": pl.Float64, "count": pl.Int64}
SUBJECT_COLUMNS: Final = {
    "event_date": pl.String,
    "subject_id": pl.String,
    "probability": pl.Float64,
    "reasons": pl.String,
}


@dataclass(frozen=True)
class Click:
    """One click of the evidence; ``gap_seconds`` is the time since the one before it."""

    click_id: str
    clicked_at: datetime
    campaign_id: str
    gap_seconds: float | None
    flagged: bool


@dataclass(frozen=True)
class Evidence:
    """What a reviewer rules on."""

    rule: Mapping[str, str]
    actor: Mapping[str, str]
    campaign_id: str
    brand_id: str
    clicks: tuple[Click, ...]
    rest: Mapping[str, Any]
    probability: float | None = None
    signs: tuple[Mapping[str, Any], ...] = ()
    subjects: tuple[Mapping[str, Any], ...] = ()

    @property
    def flagged(self) -> int:
        return sum(click.flagged for click in self.clicks)

    def rule_in(self, language: Language) -> str:
        """The rule in the reader's language, else in any."""
        return self.rule.get(language) or next(iter(self.rule.values()), MISSING)


def parsed(frozen: Mapping[str, Any], subjects: Collection[str]) -> Evidence:
    """The evidence of a case whose subjects are ``subjects``, clicks in order of time."""
    campaign = str(frozen.get("campaign_id", MISSING))
    clicks = (_click(one, campaign, subjects) for one in frozen.get("clicks", ()))
    rule = frozen.get("rule", {})
    return Evidence(
        rule={"": rule} if isinstance(rule, str) else rule,
        actor={name: str(value) for name, value in frozen.get("actor", {}).items()},
        campaign_id=str(frozen.get("campaign_id", "")),
        brand_id=str(frozen.get("brand_id", "")),
        clicks=tuple(sorted(clicks, key=lambda click: (click.clicked_at, click.click_id))),
        rest={name: value for name, value in frozen.items() if name not in KNOWN},
        probability=frozen.get("probability"),
        signs=tuple(frozen.get("signs", ())),
        subjects=tuple(frozen.get("subjects", ())),
    )


def clicks_frame(evidence: Evidence, timezone: str, language: Language) -> pl.DataFrame:
    """The clicks by time, as words; ``at_ms`` is the reporting clock's time as if it were UTC."""
    say, zone = speaker(language), ZoneInfo(timezone)
    rows = [
        {
            "at_ms": _wall_ms(click.clicked_at, zone),
            "clock": clock(click.clicked_at, timezone),
            "click_id": click.click_id,
            "campaign": click.campaign_id[:LANE_LETTERS],
            "gap": duration(click.gap_seconds, language),
            "state": say("click.flagged" if click.flagged else "click.clear"),
            "flagged": click.flagged,
        }
        for click in evidence.clicks
    ]
    return pl.DataFrame(rows, schema=CLICK_COLUMNS)


def signs_frame(evidence: Evidence, language: Language) -> pl.DataFrame:
    """Each sign in words, and how many of the subjects show it."""
    rows = [
        {
            "words": sign["words"].get(language) or sign["sign"],
            "share": sign["subjects"] / sign["of"],
            "count": sign["subjects"],
        }
        for sign in evidence.signs
    ]
    return pl.DataFrame(rows, schema=SIGN_COLUMNS)


def subjects_frame(evidence: Evidence) -> pl.DataFrame:
    """The subjects by day, with the reasons of each in one line."""
    rows = [
        {**subject, "reasons": "  ".join(subject["reason_codes"] or ())}
        for subject in evidence.subjects
    ]
    return pl.DataFrame(rows, schema=SUBJECT_COLUMNS)


def span_seconds(evidence: Evidence) -> float | None:
    """From the first click to the last."""
    if not evidence.clicks:
        return None
    first, last = evidence.clicks[0], evidence.clicks[-1]
    return (last.clicked_at - first.clicked_at).total_seconds()


def _wall_ms(at: datetime, zone: ZoneInfo) -> int:
    return round(at.astimezone(zone).replace(tzinfo=UTC).timestamp() * 1_000)


def _click(frozen: Mapping[str, Any], campaign: str, subjects: Collection[str]) -> Click:
    click_id = str(frozen["click_id"])
    gap = frozen.get("seconds_since_previous")
    return Click(
        click_id=click_id,
        clicked_at=datetime.fromisoformat(str(frozen["clicked_at"])),
        campaign_id=str(frozen.get("campaign_id", campaign)),
        gap_seconds=None if gap is None else float(gap),
        flagged=bool(frozen.get("flagged", click_id in subjects)),
    )
