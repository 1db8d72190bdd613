"""Whether it is the detectors that are good, or the simulator that is easy."""

from collections.abc import Iterator, Sequence

from models.evaluation.controls import Twin
from models.evaluation.formats import at_most, covers, percent, prose, ranged, table
from models.evaluation.intervals import UNKNOWN, Interval
from models.evaluation.measured import TWIN_AIM, Judged


def lines(judged: Judged) -> Iterator[str]:
    yield from prose("A simulator flatters its author. So, before anything else:")
    yield from table(
        ("control", "measured", "aim", ""),
        [
            _by_chance(
                "tell test: AUC of a booster on ids, digits of time, nulls and places in files",
                judged.tell,
            ),
            *(_by_chance(f"tell test: {part} alone", area) for part, area in judged.tell_by_part),
            _worst_twin(judged.twins),
            _idle(*judged.idle),
            *(
                _by_chance(f"zero test: AUC of a model of permuted labels, {subject}", area)
                for subject, area in judged.permuted
            ),
        ],
    )
    yield ""
    yield from prose(
        "Which optional fields an event has is more than its form: a review without an order, a"
        " page that no note led to. What tells by them alone knows what was done."
    )
    yield from _twins(judged.twins)


def _by_chance(control: str, area: Interval) -> tuple[str, ...]:
    """A control that is passed if a model does no better than chance."""
    return control, ranged(area), "covers 0.5", covers(area, 0.5)


def _worst_twin(twins: Sequence[Twin]) -> tuple[str, ...]:
    worst = max((t.area for t in twins), key=lambda area: area.value, default=UNKNOWN)
    apart = sum(t.area.value > TWIN_AIM for t in twins)
    return (
        f"twin test: the best single number between a fraud and its honest twin, worst of"
        f" {len(twins)} pairs; above {TWIN_AIM}: {apart}",
        ranged(worst),
        f"at most {TWIN_AIM}",
        at_most(worst, TWIN_AIM),
    )


def _idle(planted: Interval, beside: Interval) -> tuple[str, ...]:
    return (
        "zero test: planted accounts that do nothing, share of subjects flagged",
        percent(planted, 2),
        f"near {percent(beside, 2)} of ordinary people",
        at_most(planted, beside.high),
    )


def _twins(twins: Sequence[Twin]) -> Iterator[str]:
    if not twins:
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
            for t in sorted(twins, key=lambda t: -t.area.value)
        ],
    )
