"""``docs/evaluation.md``: every figure beside its aim, with how sure it is."""

from collections.abc import Iterator

import numpy as np

from models.evaluation.accusations import Accused
from models.evaluation.controls import Ceiling
from models.evaluation.formats import (
    NOTHING,
    at_least,
    at_most,
    covers,
    number,
    percent,
    prose,
    ranged,
    ratio,
    table,
)
from models.evaluation.intervals import FEWEST_UNITS, UNKNOWN
from models.evaluation.measured import (
    CAMPAIGNS,
    CROWD_AIM,
    CROWD_SIZE,
    LEFT_OUT_AIM,
    ORDINARY_AIM,
    ORDINARY_PEOPLE,
    PRECISION_AIM,
    RECALL_AIM,
    STRICT_RECALL_AIM,
    TWIN_AIM,
    Judged,
)
from models.evaluation.recall import Found

NOT_MEASURED = Ceiling("", float("nan"), UNKNOWN, UNKNOWN)


def write(judged: Judged) -> str:
    """The whole page."""
    parts = (head, controls, overall, kinds, soon, rings, honest, probabilities, detectors)
    lines = [line for part in parts for line in (*part(judged), "")]
    return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip() + "\n"


def head(judged: Judged) -> Iterator[str]:
    ran = judged.ran
    yield "# How well fraud is found"
    yield ""
    yield from prose(
        f"This page is written by `{ran.command}`: {_counted(len(ran.towns), 'simulated town')}",
        f"({', '.join(ran.towns)}) over {ran.days} days, {ran.people:,} people who acted, and",
        f"{ran.subjects:,} clicks, orders, reviews, notes and days of users, of which",
        f"{ran.frauds:,} are fraud. Everything is flagged at one threshold, {ran.threshold:g}. No",
        "person has decided any case: it is the machine alone that is judged.",
    )
    yield from prose(
        "Brackets are 95 % intervals. Those of precision and recall draw whole campaigns and",
        "crowds again, as what one campaign does is no independent evidence; those of people are",
        f"Wilson's. Where fewer than {FEWEST_UNITS} campaigns stand behind a number, no interval",
        "is told: it is an anecdote. An aim is *met* if the whole interval meets it.",
    )
    yield from too_few(judged)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def too_few(judged: Judged) -> Iterator[str]:
    """What the numbers cannot carry yet."""
    people = next((c.people.units for c in judged.crowds if c.name == "ordinary"), 0)
    small = [c for c in judged.crowds if c.name != "ordinary" and c.subjects.units < CROWD_SIZE]
    few = [f for f in judged.kinds if f.campaigns < CAMPAIGNS]
    gaps = [f"ordinary people: {people:,} of {ORDINARY_PEOPLE:,}"] * (people < ORDINARY_PEOPLE)
    if small:
        sizes = ", ".join(f"{c.name} {c.subjects.units:,}" for c in small)
        gaps.append(f"crowds with fewer than {CROWD_SIZE} clicks, orders, and so on: {sizes}")
    if few:
        most = max(f.campaigns for f in judged.kinds)
        gaps.append(f"campaigns: of {len(few)} kinds fewer than {CAMPAIGNS}, at most {most} of any")
    if gaps:
        yield from prose(f"**Too few to say for certain**: {'; '.join(gaps)}.")


def controls(judged: Judged) -> Iterator[str]:
    planted, beside = judged.idle
    worst = max((c.area for c in judged.twins), key=lambda area: area.value, default=UNKNOWN)
    yield "## Controls first"
    yield ""
    yield from prose("A simulator flatters its author. So, before anything else:")
    yield from table(
        ("control", "measured", "aim", ""),
        [
            (
                "tell test: AUC of a booster on ids, digits of time, nulls and places in files",
                ranged(judged.tell),
                "covers 0.5",
                covers(judged.tell, 0.5),
            ),
            (
                f"twin test: the best single number between a fraud and its honest twin, worst of"
                f" {len(judged.twins)} pairs; above {TWIN_AIM}: {_apart(judged)}",
                ranged(worst),
                f"at most {TWIN_AIM}",
                at_most(worst, TWIN_AIM),
            ),
            (
                "zero test: planted accounts that do nothing, share of subjects flagged",
                percent(planted, 2),
                f"near {percent(beside, 2)} of ordinary people",
                at_most(planted, beside.high),
            ),
            *(
                (
                    f"zero test: AUC of a model of permuted labels, {subject}",
                    ranged(area),
                    "covers 0.5",
                    covers(area, 0.5),
                )
                for subject, area in judged.permuted
            ),
        ],
    )
    yield ""
    yield from twins(judged)


def _apart(judged: Judged) -> int:
    return sum(twin.area.value > TWIN_AIM for twin in judged.twins)


def twins(judged: Judged) -> Iterator[str]:
    if not judged.twins:
        yield from prose("There are no numbers of conduct yet: twins and ceilings are not judged.")
        return
    yield from prose(
        "Each kind beside its twins, over all numbers that detectors read of what it acts through.",
        "The best of many numbers looks better than it is, which the intervals do not mend; no",
        "detector rests on one number alone.",
    )
    yield from table(
        ("kind", "honest twin", "subjects", "best number", f"AUC (aim: at most {TWIN_AIM})", ""),
        [
            (
                *(t.kind, t.crowd, f"{t.frauds:,} / {t.honest:,}", f"`{t.feature}`"),
                *(ranged(t.area), at_most(t.area, TWIN_AIM)),
            )
            for t in sorted(judged.twins, key=lambda t: -t.area.value)
        ],
    )


def overall(judged: Judged) -> Iterator[str]:
    yield "## Overall"
    yield ""
    rows: list[tuple[str, ...]] = [
        (
            f"precision, by {units}",
            percent(found),
            f"at least {PRECISION_AIM:.0%}",
            at_least(found, PRECISION_AIM),
        )
        for units, found in (
            ("campaigns and crowds", judged.precision),
            ("towns", judged.precision_by_town),
            ("campaigns and crowds, without general invalid traffic", judged.precision_of_sivt),
        )
    ]
    for least, at in judged.at_precision.items():
        aim = RECALL_AIM if least == PRECISION_AIM else STRICT_RECALL_AIM
        worst = min(at[1].values(), default=np.nan) if at else np.nan
        rows.append(
            (
                f"recall of the worst kind where precision is {least:.0%}",
                NOTHING if at is None else f"{worst:.0%} ({_worst(at[1])}), at {at[0]:.3f}",
                f"at least {aim:.0%}",
                "not reached" if at is None else ("met" if worst >= aim else "**missed**"),
            )
        )
    yield from table(("", "measured", "aim", ""), rows)
    yield ""
    yield from prose(
        "Thresholds of a wanted precision are chosen on these very towns, which flatters them a",
        "little, and never below where detectors speak at all. Rules of general invalid traffic",
        "flag machines and impossible repeats, not intent: what only they flag counts as wrong",
        "here unless it was planted as fraud, and the third line leaves it out.",
    )


def _worst(recall: dict[str, float]) -> str:
    return min(recall, key=lambda kind: recall[kind], default=NOTHING)


def kinds(judged: Judged) -> Iterator[str]:
    yield "## Recall by kind"
    yield ""
    yield from prose(
        "Of what a kind gains by (its orders, say, while it runs and for the brand it is for),",
        "not of what its accounts do besides as cover. *Ceiling*: a model trained on what was",
        "planted of that kind in other towns, where it may flag 0.05 % of the honest. Few examples",
        "teach it little: where recall is above it, people knew more than it could learn. *Left",
        "out*: the same of a model that was trained on all kinds but this one.",
    )
    tops = {c.kind: c for c in judged.ceilings}
    at = {least: found[1] if found else {} for least, found in judged.at_precision.items()}
    yield from table(
        (
            *("kind", "of", "campaigns", "subjects", f"recall (aim: {RECALL_AIM:.0%})", ""),
            *("in money", "accounts", "ceiling", "recall / ceiling"),
            f"left out (aim: {LEFT_OUT_AIM:.0%})",
            *(f"recall at precision {least:.0%}" for least in at),
        ),
        [_kind(f, tops.get(f.kind, NOT_MEASURED), list(at.values())) for f in judged.kinds],
    )
    yield from _picture(judged, "recall")


def _kind(found: Found, top: Ceiling, at: list[dict[str, float]]) -> tuple[object, ...]:
    return (
        *(found.kind, found.subject, found.campaigns, f"{found.count:,}"),
        *(percent(found.subjects), at_least(found.subjects, RECALL_AIM)),
        *(percent(found.money), percent(found.accounts)),
        *(percent(top.recall), ratio(found.subjects, top.recall), percent(top.left_out)),
        *(f"{recall[found.kind]:.0%}" if found.kind in recall else NOTHING for recall in at),
    )


def soon(judged: Judged) -> Iterator[str]:
    yield "## How soon"
    yield ""
    when = (
        "Batches were run night by night: a subject counts as found from the first night that"
        " flags it."
        if judged.ran.night_by_night
        else "A subject counts as found on its own day, though the numbers behind a signal may"
        " look some days ahead: `--nights` runs the batch night by night, which takes long, and"
        " tells the first night that flags it."
    )
    yield from prose(
        when,
        "*Lost before*: the share of a campaign's money (of its subjects where no money moves) up",
        "to the night that first notices anything of it; campaigns that are never noticed count",
        "in full. Days are of the median campaign, from its first subject on.",
    )
    yield from table(
        ("kind", "campaigns never noticed", "lost before", "days to 50 %", "days to 90 %"),
        [
            (
                *(f.kind, f"{f.undetected} of {f.campaigns}", percent(f.lost_before)),
                *(number(f.days_to_half, 0), number(f.days_to_nearly_all, 0)),
            )
            for f in judged.kinds
        ],
    )
    yield from _picture(judged, "soon")


def rings(judged: Judged) -> Iterator[str]:
    yield "## Rings"
    yield ""
    yield from prose(
        "*Whole*: of a campaign's accounts, the share that one case holds; *in cases*: that any",
        "case holds. *Pure*: of the subjects of a case, the share that belongs to the one campaign",
        "that most belong to.",
    )
    yield from table(
        ("kind", "campaigns", "whole", "in cases", "cases", "pure"),
        [
            (r.kind, r.campaigns, percent(r.best), percent(r.any_case), r.cases, percent(r.purity))
            for r in judged.rings
        ],
    )


def honest(judged: Judged) -> Iterator[str]:
    yield "## The honest"
    yield ""
    yield from prose(
        f"People of whom anything at all is flagged. Aims: at most {CROWD_AIM:.1%} of a crowd that",
        f"looks like fraud, below {ORDINARY_AIM:.2%} of ordinary people and of victims. *Only by",
        "rules*: flagged as general invalid traffic and nothing else (a price crawler on a rented",
        "server is no fraud, and no person either).",
    )
    yield from table(
        (
            *("crowd", "people", "accused", "of them only by rules", "share of people", "aim", ""),
            *("subjects", "share of subjects"),
        ),
        [_crowd(a) for a in (*judged.crowds, judged.victims)],
    )
    yield ""
    yield from prose("Honest people of all crowds together, by what they cannot help:")
    yield from table(
        ("group", "", "people", "accused", "share of people"),
        [
            (title, a.name, f"{a.people.units:,}", a.accused, percent(a.people, 2))
            for title, a in judged.groups
        ],
    )
    yield from _picture(judged, "honest")


def _crowd(of: Accused) -> tuple[object, ...]:
    aim = ORDINARY_AIM if of.name in {"ordinary", "victims"} else CROWD_AIM
    return (
        *(of.name, f"{of.people.units:,}", of.accused, of.only_givt, percent(of.people, 2)),
        *(f"{aim:.2%}", at_most(of.people, aim), f"{of.subjects.units:,}", percent(of.subjects, 3)),
    )


def probabilities(judged: Judged) -> Iterator[str]:
    every, scored = judged.brier
    yield "## Probabilities"
    yield ""
    yield from prose(
        f"Brier's score: {number(every, 4)} over all subjects, {number(scored)} over those that",
        "any detector speaks of.",
    )
    yield from table(
        ("score", "subjects", "mean score", "share of fraud"),
        [
            (name, f"{count:,}", f"{mean:.2f}", percent(real))
            for name, count, mean, real in judged.reliability
        ],
    )
    yield from _picture(judged, "calibration")
    yield ""
    yield from prose(
        "If fraud were rarer, and both it and the honest were flagged as often as here:"
    )
    yield from table(
        ("fraud among all subjects", "precision"),
        [(f"{rate:.1%}", NOTHING if np.isnan(p) else f"{p:.1%}") for rate, p in judged.base_rates],
    )
    yield ""
    yield from prose(
        "Of the first cases of each town and night, by the sum of their probabilities:"
    )
    yield from table(
        ("cases a night", "cases in all", "right"),
        [(n, f"{total:,}", percent(right)) for n, right, total in judged.capacity],
    )


def detectors(judged: Judged) -> Iterator[str]:
    yield "## Detectors"
    yield ""
    yield from prose(
        "Each alone. What only *waits* for a person lies below the threshold and accuses nobody; a",
        "*shadow* counts only itself. Wilson's interval takes subjects as independent, which they",
        "are not.",
    )
    if not judged.detectors:
        yield from prose("No detector has flagged anything.")
        return
    yield from table(
        ("subject", "detector", "state", "flagged", "precision", "Wilson", "finds most", "wrongly"),
        [
            (
                *(d.subject, f"`{d.name}` {d.version}", d.state, f"{d.flagged:,}"),
                *(percent(d.precision), percent(d.wilson), d.kinds, d.wrongly),
            )
            for d in judged.detectors
        ],
    )


def _picture(judged: Judged, about: str) -> Iterator[str]:
    for name, shows in judged.plots:
        if name == f"evaluation-{about}":
            yield ""
            yield f"![{shows}](images/{name}.png)"
