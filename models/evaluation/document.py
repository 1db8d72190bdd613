"""``docs/evaluation.md``: every figure beside its aim, with how sure it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from models.evaluation.accusations import Accused
from models.evaluation.controls import Ceiling, Twin
from models.evaluation.intervals import FEWEST_UNITS, Interval
from models.evaluation.recall import Found
from models.evaluation.rings import Rings

PRECISION_AIM: Final = 0.95
STRICT_PRECISION: Final = 0.98
RECALL_AIM: Final = 0.90
STRICT_RECALL_AIM: Final = 0.80
LEFT_OUT_AIM: Final = 0.60
CROWD_AIM: Final = 0.005
ORDINARY_AIM: Final = 0.0005
TWIN_AIM: Final = 0.75
CROWD_SIZE: Final = 600
ORDINARY_PEOPLE: Final = 60_000
CAMPAIGNS: Final = 20
NOTHING: Final = "-"


@dataclass(frozen=True)
class Ran:
    """What was run, in words and numbers."""

    command: str
    towns: Sequence[str]
    users: int
    days: int
    people: int
    subjects: int
    frauds: int
    threshold: float
    night_by_night: bool = False


@dataclass(frozen=True)
class Judged:
    """All that was measured."""

    ran: Ran
    precision: Interval
    precision_by_town: Interval
    detectors: Sequence[dict[str, object]]
    kinds: Sequence[Found]
    at_precision: dict[float, tuple[float, dict[str, float]] | None]
    rings: Sequence[Rings]
    crowds: Sequence[Accused]
    victims: Accused
    groups: Sequence[tuple[str, Accused]]
    brier: tuple[float, float]
    reliability: Sequence[tuple[str, int, float, Interval]]
    base_rates: Sequence[tuple[float, float]]
    capacity: Sequence[tuple[int, Interval, int]]
    tell: Interval
    twins: Sequence[Twin]
    idle: tuple[Interval, Interval]
    permuted: Sequence[tuple[str, Interval]]
    ceilings: Sequence[Ceiling]
    plots: Sequence[tuple[str, str]] = field(default_factory=list)


def write(judged: Judged) -> str:
    """The whole page."""
    parts = (head, controls, overall, kinds, soon, rings, accusations, probabilities, detectors)
    return "\n".join(line for part in parts for line in (*part(judged), "")).rstrip() + "\n"


def head(judged: Judged) -> Iterator[str]:
    ran = judged.ran
    yield "# How well fraud is found"
    yield ""
    yield f"This page is written by `{ran.command}`: {len(ran.towns)} simulated towns"
    yield f"({', '.join(ran.towns)}), {ran.days} days, {ran.people:,} people who acted, {ran.subjects:,}"
    yield "clicks, orders, reviews, notes and days of users, "
    yield f"of which {ran.frauds:,} are fraud. Everything is flagged at one threshold,"
    yield f"{ran.threshold:g}. No person has decided any case: it is the machine alone that is judged."
    yield ""
    yield "Brackets are 95 % intervals. Those of precision and recall draw whole campaigns and crowds again,"
    yield "as what one campaign does is no independent evidence; those of people are Wilson's."
    yield f"Where fewer than {FEWEST_UNITS} campaigns stand behind a number, no interval is told: it is an anecdote."
    yield from too_few(judged)


def too_few(judged: Judged) -> Iterator[str]:
    """What the numbers cannot carry yet."""
    ordinary = next((c for c in judged.crowds if c.name == "ordinary"), None)
    gaps = []
    if ordinary is None or ordinary.people.units < ORDINARY_PEOPLE:
        seen = 0 if ordinary is None else ordinary.people.units
        gaps.append(f"ordinary people: {seen:,} of {ORDINARY_PEOPLE:,}")
    small = [c.name for c in judged.crowds if c is not ordinary and c.subjects.units < CROWD_SIZE]
    if small:
        gaps.append(f"crowds with fewer than {CROWD_SIZE} subjects: {', '.join(small)}")
    few = [f.kind for f in judged.kinds if f.campaigns < CAMPAIGNS]
    if few:
        most = max(f.campaigns for f in judged.kinds)
        gaps.append(
            f"campaigns a kind: at most {most} of {CAMPAIGNS} ({len(few)} kinds have fewer)"
        )
    if gaps:
        yield ""
        yield f"**Too few to say for certain**: {'; '.join(gaps)}."


def controls(judged: Judged) -> Iterator[str]:
    yield "## Controls first"
    yield ""
    yield "A simulator flatters its author. So, before anything else:"
    yield ""
    planted, beside = judged.idle
    worst = max((c.area.value for c in judged.twins), default=np.nan)
    rows = [
        ("tell test: AUC of a booster on ids, digits of time, nulls and places in files",
         ranged(judged.tell), "covers 0.5", verdict(judged.tell.is_known, 0.5 in judged.tell)),
        ("twin test: the best single number between a fraud and its honest twin, worst pair",
         number(worst), f"at most {TWIN_AIM}", verdict(not np.isnan(worst), worst <= TWIN_AIM)),
        ("zero test: planted accounts that do nothing, share of subjects flagged",
         f"{percent(planted)} beside {percent(beside)} of ordinary people", "about the same",
         verdict(planted.is_known, planted.low <= beside.high)),
        *(
            (f"zero test: AUC of a model of permuted labels, {subject}", ranged(area), "covers 0.5",
             verdict(area.is_known, 0.5 in area))
            for subject, area in judged.permuted
        ),
    ]  # fmt: skip
    yield from table(("control", "measured", "aim", ""), rows)
    if judged.twins:
        yield ""
        yield "Each kind beside its twins, over all numbers that detectors read of what it acts through."
        yield "The best of many numbers looks better than it is, which the intervals do not mend."
        yield ""
        yield from table(
            ("kind", "honest twin", "subjects", "best number", f"AUC (aim: at most {TWIN_AIM})"),
            [
                (t.kind, t.crowd, f"{t.frauds:,} / {t.honest:,}", f"`{t.feature}`", ranged(t.area))
                for t in sorted(judged.twins, key=lambda t: -t.area.value)
            ],
        )
    else:
        yield ""
        yield "No table of conduct has rows yet, so that twins and ceilings could not be judged."


def overall(judged: Judged) -> Iterator[str]:
    yield "## Overall"
    yield ""
    rows = [
        ("precision, by campaigns and crowds", percent(judged.precision), f"at least {PRECISION_AIM:.0%}",
         verdict(judged.precision.is_known, judged.precision.value >= PRECISION_AIM)),
        ("precision, by towns", percent(judged.precision_by_town), f"at least {PRECISION_AIM:.0%}",
         verdict(judged.precision_by_town.is_known,
                 judged.precision_by_town.value >= PRECISION_AIM)),
        *(
            (f"lowest threshold with precision {least:.0%}", NOTHING if found is None
             else f"{found[0]:.3f}, recall {least_recall(found[1])}",
             f"recall at least {RECALL_AIM if least == PRECISION_AIM else STRICT_RECALL_AIM:.0%}"
             " of every kind", "")
            for least, found in judged.at_precision.items()
        ),
    ]  # fmt: skip
    yield from table(("", "measured", "aim", ""), rows)
    yield ""
    yield "Thresholds of a wanted precision are chosen on these very towns, which flatters them a little."


def least_recall(recall: dict[str, float]) -> str:
    worst = min(recall, key=lambda kind: recall[kind], default="")
    return f"{recall[worst]:.0%} of the worst kind ({worst})" if worst else NOTHING


def kinds(judged: Judged) -> Iterator[str]:
    yield "## Recall by kind"
    yield ""
    yield "Of what a kind gains by (its orders, say, but not its other visits). *Ceiling*: a model trained on"
    yield "what was planted of that kind in other towns, where it may flag 0.05 % of the honest. *Left out*:"
    yield "a model that was trained on all kinds but this one."
    yield ""
    tops = {c.kind: c for c in judged.ceilings}
    at = {least: found[1] if found else {} for least, found in judged.at_precision.items()}
    yield from table(
        ("kind", "of", "campaigns", "subjects", f"recall (aim: {RECALL_AIM:.0%})", "in money",
         "accounts", "ceiling", "recall / ceiling", f"left out (aim: {LEFT_OUT_AIM:.0%})",
         *(f"recall at precision {least:.0%}" for least in at)),
        [
            (f.kind, f.subject, f.campaigns, f"{f.count:,}", percent(f.subjects), percent(f.money),
             percent(f.accounts), percent(tops[f.kind].recall) if f.kind in tops else NOTHING,
             ratio(f.subjects, tops[f.kind].recall) if f.kind in tops else NOTHING,
             percent(tops[f.kind].left_out) if f.kind in tops else NOTHING,
             *(f"{found[f.kind]:.0%}" if f.kind in found else NOTHING for found in at.values()))
            for f in judged.kinds
        ],
    )  # fmt: skip
    yield from _images(judged, "recall")


def soon(judged: Judged) -> Iterator[str]:
    yield "## How soon"
    yield ""
    if judged.ran.night_by_night:
        yield "Batches were run night by night; a subject counts as found from the first night that flags it."
    else:
        yield "A subject counts as found on its own day, though the numbers behind a signal may look some days"
        yield "ahead: `--nights` runs the batch night by night, which takes long, and tells the first night."
    yield "*Lost before*: the share of a campaign's money (of its subjects where no money moves) up to the night"
    yield "that first notices anything of it; campaigns that are never noticed count in full. Days are of the"
    yield "median campaign, from its first subject on."
    yield ""
    yield from table(
        ("kind", "campaigns never noticed", "lost before", "days to 50 %", "days to 90 %"),
        [
            (f.kind, f"{f.undetected} of {f.campaigns}", percent(f.lost_before),
             number(f.days_to_half, 0), number(f.days_to_nearly_all, 0))
            for f in judged.kinds
        ],
    )  # fmt: skip
    yield from _images(judged, "soon")


def rings(judged: Judged) -> Iterator[str]:
    yield "## Rings"
    yield ""
    yield "*Whole*: of a campaign's accounts, the share that one case holds; *in cases*: that any case holds."
    yield "*Pure*: of the subjects of a case, the share that belongs to the one campaign that most belong to."
    yield ""
    yield from table(
        ("kind", "campaigns", "whole", "in cases", "cases", "pure"),
        [
            (r.kind, r.campaigns, percent(r.best), percent(r.any_case), r.cases, percent(r.purity))
            for r in judged.rings
        ],
    )


def accusations(judged: Judged) -> Iterator[str]:
    yield "## The honest"
    yield ""
    yield f"People of whom anything at all is flagged. Aims: at most {CROWD_AIM:.1%} of a crowd that looks like"
    yield f"fraud, below {ORDINARY_AIM:.2%} of ordinary people. *Only by rules*: flagged as general invalid"
    yield "traffic and nothing else (a price crawler on a rented server is no fraud, and no person either)."
    yield ""
    yield from table(
        ("crowd", "people", "accused", "of them only by rules", "share of people", "aim", "",
         "share of subjects"),
        [
            (a.name, f"{a.people.units:,}", a.accused, a.only_givt, percent(a.people, 2),
             f"{_aim(a):.2%}", verdict(a.people.is_known, a.people.value <= _aim(a)),
             percent(a.subjects, 3))
            for a in (*judged.crowds, judged.victims)
        ],
    )  # fmt: skip
    yield ""
    yield "Honest people of all crowds together, by what they cannot help:"
    yield ""
    yield from table(
        ("group", "", "people", "accused", "share of people"),
        [
            (title, a.name, f"{a.people.units:,}", a.accused, percent(a.people, 2))
            for title, a in judged.groups
        ],
    )
    yield from _images(judged, "honest")


def _aim(accused: Accused) -> float:
    return ORDINARY_AIM if accused.name in {"ordinary", "victims"} else CROWD_AIM


def probabilities(judged: Judged) -> Iterator[str]:
    every, scored = judged.brier
    yield "## Probabilities"
    yield ""
    yield f"Brier's score: {every:.4f} over all subjects, {number(scored, 3)} over those that any detector"
    yield "speaks of."
    yield ""
    yield from table(
        ("score", "subjects", "mean score", "share of fraud"),
        [
            (name, f"{n:,}", f"{mean:.2f}", percent(real))
            for name, n, mean, real in judged.reliability
        ],
    )
    yield from _images(judged, "calibration")
    yield ""
    yield "If fraud were rarer, and flagged as often as here:"
    yield ""
    yield from table(
        ("fraud among all subjects", "precision"),
        [(f"{rate:.1%}", NOTHING if np.isnan(p) else f"{p:.1%}") for rate, p in judged.base_rates],
    )
    yield ""
    yield "Of the first cases of each town and night, by the sum of their probabilities:"
    yield ""
    yield from table(
        ("cases a night", "cases in all", "right"),
        [(n, f"{total:,}", percent(right)) for n, right, total in judged.capacity],
    )


def detectors(judged: Judged) -> Iterator[str]:
    yield "## Detectors"
    yield ""
    yield "Each alone, over what it flags at the threshold; Wilson's interval takes subjects as independent, which"
    yield "they are not."
    yield ""
    yield from table(
        ("subject", "detector", "state", "flagged", "precision", "Wilson", "finds most"),
        [
            (d["subject"], f"`{d['detector']}` {d['detector_version']}", d["state"],
             f"{d['flagged']:,}", percent(d["precision"]), percent(d["wilson"]), d["kinds"])
            for d in judged.detectors
        ],
    )  # fmt: skip
    if not judged.detectors:
        yield ""
        yield "No detector has flagged anything."


def _images(judged: Judged, about: str) -> Iterator[str]:
    for name, alt in judged.plots:
        if name == f"evaluation-{about}":
            yield ""
            yield f"![{alt}](images/{name}.png)"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A Markdown table; a line that says so if there are no rows."""
    lines = [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    if not lines:
        yield "Nothing to show."
        return
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join('---' for _ in heads)}|"
    yield from lines


def percent(found: object, digits: int = 1) -> str:
    """A share with its interval, in per cent."""
    assert isinstance(found, Interval)
    if not found.is_known:
        return NOTHING
    value = f"{100 * found.value:.{digits}f} %"
    if np.isnan(found.low):
        return value
    return f"{value} [{100 * found.low:.{digits}f}, {100 * found.high:.{digits}f}]"


def ranged(found: Interval) -> str:
    """An area under the curve with its interval."""
    if not found.is_known:
        return NOTHING
    ends = "" if np.isnan(found.low) else f" [{found.low:.3f}, {found.high:.3f}]"
    return f"{found.value:.3f}{ends}"


def ratio(one: Interval, other: Interval) -> str:
    if not one.is_known or not other.is_known or not other.value:
        return NOTHING
    return f"{one.value / other.value:.2f}"


def number(value: float, digits: int = 3) -> str:
    return NOTHING if np.isnan(value) else f"{value:.{digits}f}"


def verdict(is_known: bool, is_met: bool) -> str:
    """Whether an aim is met, as far as anything was measured."""
    return ("met" if is_met else "**missed**") if is_known else "not measured"
