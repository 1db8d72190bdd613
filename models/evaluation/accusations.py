"""Who is accused, and how many of them wrongly: precision, and the honest by crowd and by group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from models.evaluation.intervals import Interval, share, wilson

BASE_RATES: Final = (0.05, 0.01, 0.001)
CAPACITIES: Final = (5, 10, 20, 50)
"""Cases that reviewers of a town have time for in a night."""
PERSON: Final = ["town", "actor_id"]


@dataclass(frozen=True)
class Accused:
    """Of one crowd of the honest: people, and those of whom anything is flagged; also subjects."""

    name: str
    people: Interval
    accused: int
    subjects: Interval
    flagged: int
    only_givt: int
    """Of the accused, those whom only rules of general invalid traffic flag."""


@dataclass(frozen=True)
class Detected:
    """Of one detector: how much it flags and how much of that is fraud."""

    subject: str
    name: str
    version: int
    state: str
    flagged: int
    precision: Interval
    wilson: Interval
    kinds: str
    """The kinds that it finds most."""
    wrongly: str
    """The honest crowds that it flags most, with the subjects."""


def precision(subjects: pl.DataFrame, unit: Sequence[str] = ("unit",)) -> Interval:
    """The share of flagged subjects that are fraud, by campaigns and crowds, or towns."""
    return share(subjects.filter("is_flagged", ~pl.col("is_idle")), "is_fraud", list(unit))


def by_detector(signals: pl.DataFrame) -> list[Detected]:
    """Each detector over the subjects that it flags, live or in the shadow."""
    keys = ["subject", "detector", "detector_version", "state"]
    said = signals.filter(~pl.col("is_idle")).group_by(keys, maintain_order=True)
    found = [
        Detected(
            subject=str(subject),
            name=str(name),
            version=int(str(version)),
            state=str(state),
            flagged=of.height,
            precision=share(of, "is_fraud", ["unit"]),
            wilson=wilson(int(of["is_fraud"].sum()), of.height),
            kinds=_kinds(of),
            wrongly=_wrongly(of),
        )
        for (subject, name, version, state), of in said
    ]
    return sorted(found, key=lambda d: (d.subject, -d.flagged, d.name))


def _kinds(found: pl.DataFrame) -> str:
    """What it finds most, by name."""
    counted = found.filter("is_fraud").drop_nulls("kind").group_by("kind").len()
    most = counted.sort(["len", "kind"], descending=[True, False])["kind"].head(3)
    return ", ".join(most)


def _wrongly(found: pl.DataFrame) -> str:
    """Whom it flags wrongly most, with how often."""
    crowd = pl.coalesce("kind", pl.lit("ordinary")).alias("crowd")
    honest = found.filter(~pl.col("is_fraud")).select(crowd).group_by("crowd").len()
    most = honest.sort(["len", "crowd"], descending=[True, False]).head(3)
    return ", ".join(f"{name} {count:,}" for name, count in most.iter_rows())


def by_crowd(subjects: pl.DataFrame) -> list[Accused]:
    """Each crowd of honest people that look like fraud, then the ordinary."""
    people = _honest(subjects)
    frauds = subjects.filter("is_fraud")["kind"].unique().to_list()
    crowds = people.filter(pl.col("kind").is_not_null(), ~pl.col("kind").is_in(frauds))
    ordinary = people.filter(pl.col("cause").is_null())
    found = [accused(str(kind), of) for (kind,), of in _sorted_groups(crowds, "kind")]
    return [*found, accused("ordinary", ordinary)]


def _honest(subjects: pl.DataFrame) -> pl.DataFrame:
    """What people did who never did fraud, apart from planted ones who do nothing."""
    known = subjects.filter(
        ~pl.col("is_fraud"), ~pl.col("is_idle"), pl.col("actor_id").is_not_null()
    )
    return known.join(fraudsters(subjects), on=PERSON, how="anti", maintain_order="left")


def fraudsters(subjects: pl.DataFrame) -> pl.DataFrame:
    """Town and person of all who ever do fraud: what else they do is not honest life."""
    return subjects.filter("is_fraud").select(PERSON).unique()


def victims(subjects: pl.DataFrame) -> Accused:
    """Those whose phones are hijacked or whom a campaign harms: what they did themselves."""
    return accused("victims", subjects.filter("is_victim", ~pl.col("is_fraud")))


def by_group(subjects: pl.DataFrame) -> list[tuple[str, Accused]]:
    """The honest by what they cannot help: being new, their city, an old phone."""
    honest = _honest(subjects)
    return [
        (title, accused(_named(value, names), of))
        for title, column, names in (
            ("account", "is_new", {True: "new (two weeks)", False: "older"}),
            ("phone", "has_old_phone", {True: "old system", False: "newer system"}),
            ("city tier", "city_tier", {}),
        )
        for (value,), of in _sorted_groups(honest.filter(pl.col(column).is_not_null()), column)
    ]


def accused(name: str, honest: pl.DataFrame) -> Accused:
    """Count people and subjects of a crowd, and those of them that are flagged."""
    people = honest.group_by(PERSON).agg(
        is_flagged=pl.col("is_flagged").any(),
        is_only_givt=pl.col("is_only_givt").filter("is_flagged").all() & pl.col("is_flagged").any(),
    )
    hit = int(people["is_flagged"].sum())
    flagged = int(honest["is_flagged"].sum())
    return Accused(
        name=name,
        people=wilson(hit, people.height),
        accused=hit,
        subjects=wilson(flagged, honest.height),
        flagged=flagged,
        only_givt=int(people["is_only_givt"].sum()),
    )


def at_base_rates(subjects: pl.DataFrame) -> list[tuple[float, float]]:
    """Precision if so large a share of subjects were fraud and each were flagged as here."""
    judged = subjects.filter(~pl.col("is_idle"))
    found, wrong = (
        judged.filter(side).select(pl.col("is_flagged").cast(pl.Float64).mean().fill_null(0)).item()
        for side in (pl.col("is_fraud"), ~pl.col("is_fraud"))
    )
    return [(rate, reweighed(found, wrong, rate)) for rate in BASE_RATES]


def reweighed(found: float, wrong: float, rate: float) -> float:
    """Precision by Bayes' rule from the shares of fraud and of the honest that are flagged."""
    right, false = found * rate, wrong * (1 - rate)
    return right / (right + false) if right + false else float("nan")


def at_capacity(signals: pl.DataFrame) -> list[tuple[int, Interval, int]]:
    """Precision of the first so many cases of each night, by the sum of their probabilities.

    A case is right if at least half of its subjects are fraud. Its night is that of its last
    subject, as it grows until then.
    """
    cases = _cases(signals)
    rank = pl.col("priority").rank("ordinal", descending=True).over("town", "night")
    ranked = cases.with_columns(place=rank)
    return [
        (capacity, share(first, "is_right", ["town"]), first.height)
        for capacity in CAPACITIES
        for first in [ranked.filter(pl.col("place") <= capacity)]
    ]


def _cases(signals: pl.DataFrame) -> pl.DataFrame:
    live = signals.filter(pl.col("state") == "live", ~pl.col("is_idle"))
    return live.group_by("town", "case_key", maintain_order=True).agg(
        priority=pl.col("probability").sum(),
        is_right=pl.col("is_fraud").mean() >= 0.5,
        night=pl.col("event_date").max(),
    )


def _sorted_groups(
    frame: pl.DataFrame, column: str
) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    yield from frame.sort(column, maintain_order=True).group_by(column, maintain_order=True)


def _named(value: object, names: dict[bool, str]) -> str:
    return names[value] if isinstance(value, bool) else str(value)
