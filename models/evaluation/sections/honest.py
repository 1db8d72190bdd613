"""Of the honest how many are accused, by crowd and by what they cannot help."""

from collections.abc import Iterator

from models.evaluation.accusations import Accused
from models.evaluation.formats import at_most, percent, picture, prose, table
from models.evaluation.measured import CROWD_AIM, ORDINARY_AIM, Judged, accused_aim


def lines(judged: Judged) -> Iterator[str]:
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
        [_crowd(crowd) for crowd in (*judged.crowds, judged.victims)],
    )
    yield ""
    yield from prose("Honest people of all crowds together, by what they cannot help:")
    yield from table(
        ("group", "", "people", "accused", "share of people"),
        [
            (title, of.name, f"{of.people.units:,}", of.accused, percent(of.people, 2))
            for title, of in judged.groups
        ],
    )
    yield from picture(judged.plots, "honest")


def _crowd(of: Accused) -> tuple[object, ...]:
    aim = accused_aim(of)
    return (
        *(of.name, f"{of.people.units:,}", of.accused, of.only_givt, percent(of.people, 2)),
        *(f"{aim:.2%}", at_most(of.people, aim), f"{of.subjects.units:,}", percent(of.subjects, 3)),
    )
