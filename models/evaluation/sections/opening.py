"""What was run, how to read the page, and what its numbers cannot carry yet."""

from collections.abc import Iterator
from typing import Final

from models.evaluation.formats import prose
from models.evaluation.intervals import FEWEST_UNITS
from models.evaluation.measured import CAMPAIGNS, CROWD_SIZE, ORDINARY_PEOPLE, Judged, Ran

OF_A_SEED: Final = "seed-"
"""How towns are called that the command itself let live; it tells their seeds."""


def lines(judged: Judged) -> Iterator[str]:
    yield from _what_ran(judged.ran)
    yield from prose(
        "Brackets are 95 % intervals. Those of precision and recall draw whole campaigns and",
        "crowds again, as what one campaign does is no independent evidence; those of people are",
        f"Wilson's. Where fewer than {FEWEST_UNITS} campaigns stand behind a number, no interval",
        "is told: it is an anecdote. An aim is *met* if the whole interval meets it.",
    )
    gaps = list(_too_few(judged))
    if gaps:
        yield from prose(f"**Too few to say for certain**: {'; '.join(gaps)}.")


def _what_ran(ran: Ran) -> Iterator[str]:
    towns = "simulated town" if len(ran.towns) == 1 else "simulated towns"
    homes = [town for town in ran.towns if not town.startswith(OF_A_SEED)]
    named = f" ({', '.join(homes)})" if homes else ""
    yield from prose(
        f"This page is written by `{ran.command}`: {len(ran.towns)} {towns}{named}",
        f"over {ran.days} days, {ran.people:,} people who acted, and {ran.subjects:,} clicks,",
        f"orders, reviews, notes and days of users, of which {ran.frauds:,} are fraud.",
        f"Everything is flagged at one threshold, {ran.threshold:g}. No person has decided any",
        "case: it is the machine alone that is judged.",
    )


def _too_few(judged: Judged) -> Iterator[str]:
    """Of what there is less than a certain answer takes."""
    people = next((c.people.units for c in judged.crowds if c.name == "ordinary"), 0)
    if people < ORDINARY_PEOPLE:
        yield f"ordinary people: {people:,} of {ORDINARY_PEOPLE:,}"
    small = [c for c in judged.crowds if c.name != "ordinary" and c.subjects.units < CROWD_SIZE]
    if small:
        sizes = ", ".join(f"{c.name} {c.subjects.units:,}" for c in small)
        yield f"crowds with fewer than {CROWD_SIZE} clicks, orders, and so on: {sizes}"
    few = [f for f in judged.kinds if f.campaigns < CAMPAIGNS]
    if few:
        most = max(f.campaigns for f in judged.kinds)
        yield f"campaigns: of {len(few)} kinds fewer than {CAMPAIGNS}, at most {most} of any"
