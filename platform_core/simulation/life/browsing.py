"""What people do while they look through pages of cards: they open, linger, engage, and shop.

Nobody's errand is here: a campaign's members look through pages by their own rates like everyone.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import chance, lognormal
from platform_core.simulation.life.looking import Looked, looked, opened
from platform_core.simulation.life.lore import Floats, Lore, Rows
from platform_core.simulation.life.reactions import Reactions
from platform_core.simulation.life.shopping import shop

GLANCE_S: Final = (1.8, 0.7)
"""Median and sigma of the seconds between one card and the next."""
TAP_S: Final = (0.8, 0.4)
DWELL_S: Final = (20.0, 0.95)
DWELL_RANGE_S: Final = (0.4, 1_800.0)
ACT_S: Final = (1.6, 0.6)

ENGAGING: Final = (("like", 0.17), ("collect", 0.075), ("share", 0.025))
"""Factors on a person's engagement; comments and follows have rates of their own."""
DISLIKE: Final = (("hide", 0.004), ("report", 0.0006))
"""Chances after reading a note whose topic is neither liked nor disliked."""
UNDONE: Final = {"like": "unlike", "collect": "uncollect", "follow": "unfollow", "hide": "unhide"}
REGRET: Final = 0.015
"""Of acts that can be undone, those that are at once."""
FIRST_ACT: Final = 3
ON_AUTHORS: Final = ("follow", "unfollow")
REPORT_REASONS: Final = ("advertising", "untrue", "offensive", "stolen")
SEE: Final = {"note": "see_note", "ad": "see_ad", "product": "see_product"}


@dataclass(frozen=True)
class Reading:
    """Notes that were opened: rows of what was seen, by whom, and how much the topic is liked."""

    row: Rows
    person: Rows
    note: Rows
    liking: Floats


@dataclass(frozen=True)
class Browsed:
    """What came of looking through pages."""

    happened: pl.DataFrame
    seen: Looked
    reading: Reading


def browse(cards: pl.DataFrame, lore: Lore, rng: np.random.Generator) -> Browsed:
    """The moments of people looking at served cards (see ``looking.looked``)."""
    seen = looked(cards, lore, rng)
    reading = _opened(seen, lore, rng)
    reactions = Reactions(seen)
    _glance(reactions, seen, rng)
    _click(reactions, seen, reading.row, rng)
    _read(reactions, seen, reading, rng)
    _engage(reactions, seen, reading, lore, rng)
    shop(reactions, seen, reading.row, lore, rng)
    return Browsed(reactions.moments(), seen, reading)


def glances(seen: Looked, rng: np.random.Generator) -> pl.DataFrame:
    """The moments at which cards are seen."""
    reactions = Reactions(seen)
    _glance(reactions, seen, rng)
    return reactions.moments()


def dwell(rng: np.random.Generator, liking: Floats) -> Floats:
    """Seconds that notes are open: lognormal, and longer where the topic is liked.

    Yin et al. (2013) and Liu et al. (2010) find tails of this kind in reading times.
    """
    median, sigma = DWELL_S
    return np.asarray(
        np.clip(lognormal(rng, median * liking**0.4, sigma, len(liking)), *DWELL_RANGE_S)
    )


def _opened(seen: Looked, lore: Lore, rng: np.random.Generator) -> Reading:
    row = opened(seen, lore, rng)
    person, note = seen.person[row], seen.note[row]
    return Reading(row, person, note, lore.traits.affinity(person, lore.notes.topic[note]))


def _glance(reactions: Reactions, seen: Looked, rng: np.random.Generator) -> None:
    rows = np.arange(len(seen.person))
    verb = seen.cards["kind"].replace_strict(SEE, return_dtype=pl.String)
    sub = seen.cards["sub"].to_numpy()
    reactions.add(verb, rows, sub, seen.cards["item_id"], lognormal(rng, *GLANCE_S, len(rows)))


def _click(reactions: Reactions, seen: Looked, read: Rows, rng: np.random.Generator) -> None:
    """An ad is clicked before its note opens."""
    clicked = read[(seen.cards["kind"] == "ad").to_numpy()[read]]
    creative = seen.cards["item_id"].gather(clicked)
    reactions.add("click_ad", clicked, 1, creative, lognormal(rng, *TAP_S, len(clicked)))


def _read(reactions: Reactions, seen: Looked, reading: Reading, rng: np.random.Generator) -> None:
    row = reading.row
    reactions.add(
        "read_note",
        row,
        2,
        seen.cards["note_id"].gather(row),
        lognormal(rng, *TAP_S, len(row)),
        stay_s=dwell(rng, reading.liking),
    )


def _engage(
    reactions: Reactions, seen: Looked, reading: Reading, lore: Lore, rng: np.random.Generator
) -> None:
    for order, (verb, odds) in enumerate(_odds(reading, lore).items()):
        chosen = np.flatnonzero(chance(rng, np.clip(odds, 0, 0.95)))
        _act(reactions, seen, reading, chosen, verb, FIRST_ACT + 2 * order, lore, rng)
        if verb in UNDONE:
            undone = chosen[chance(rng, np.full(len(chosen), REGRET))]
            _act(
                reactions, seen, reading, undone, UNDONE[verb], FIRST_ACT + 2 * order + 1, lore, rng
            )


def _odds(reading: Reading, lore: Lore) -> dict[str, Floats]:
    """How likely each reading leads to each engagement."""
    traits, person = lore.traits, reading.person
    warmth = np.sqrt(reading.liking * lore.notes.appeal[reading.note])
    others = lore.notes.author[reading.note] != person
    return {
        **{verb: share * traits["engage_rate"][person] * warmth for verb, share in ENGAGING},
        **{verb: rate / reading.liking for verb, rate in DISLIKE},
        "comment": traits["comment_rate"][person] * warmth,
        "follow": traits["follow_rate"][person] * warmth * others,
    }


def _act(
    reactions: Reactions,
    seen: Looked,
    reading: Reading,
    chosen: Rows,
    verb: str,
    sub: int,
    lore: Lore,
    rng: np.random.Generator,
) -> None:
    row, note = reading.row[chosen], reading.note[chosen]
    text: list[str] | None = None
    if verb == "comment":
        text = [lore.comment(rng, int(topic)) for topic in lore.notes.topic[note]]
    elif verb == "report":
        text = rng.choice(REPORT_REASONS, len(chosen)).tolist()
    item = lore.authors(note) if verb in ON_AUTHORS else seen.cards["note_id"].gather(row)
    reactions.add(verb, row, sub, item, lognormal(rng, *ACT_S, len(chosen)), text=text)
