"""How a visit comes upon the notes and products that its steps are about.

Every touch of a note goes through a request for cards: one that the visit's pages or searches have
already answered with the note, or else one for its author's page or for the link that led to it.
"""

from typing import Final

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import chance, lognormal
from platform_core.simulation.life.asking import identified
from platform_core.simulation.life.browsing import Browsed
from platform_core.simulation.life.errands import ON_NOTES
from platform_core.simulation.life.lore import Lore

PROFILE: Final = 0.05
"""Of notes read, after how many another note of the author is looked up."""
THROUGH_PROFILE: Final = 0.45
"""Of notes that somebody came for, those found on their author's page; others come by a link."""
PROFILE_NOTES: Final = 6
IMPULSE_S: Final = (2.0, 0.6)
IMPULSE_SUB: Final = 500

MET: Final = ("visit", "target", "request_id", "surface", "position")


def with_impulses(
    planned: pl.DataFrame, browsed: Browsed, lore: Lore, rng: np.random.Generator
) -> pl.DataFrame:
    """Steps and those that nobody planned: another note of an author who has just been read."""
    return pl.concat([planned, _impulses(browsed, lore, rng)[planned.columns]])


def _impulses(browsed: Browsed, lore: Lore, rng: np.random.Generator) -> pl.DataFrame:
    reading = browsed.reading
    chosen = np.flatnonzero(chance(rng, np.clip(PROFILE * reading.liking, 0, 1)))
    others = [_another(lore, note, rng) for note in reading.note[chosen].tolist()]
    places = browsed.seen.cards[reading.row[chosen]].select("visit", "phase", "seq", "person")
    return places.with_columns(
        pl.Series("target", others, pl.String),
        sub=pl.lit(IMPULSE_SUB, pl.Int32),
        after_s=pl.Series(lognormal(rng, *IMPULSE_S, len(chosen)), dtype=pl.Float32),
        verb=pl.lit("read_note"),
        text=pl.lit(None, pl.String),
        value=pl.lit(None, pl.Int32),
        link=pl.lit(None, pl.String),
    ).filter(pl.col("target").is_not_null())


def _another(lore: Lore, note: int, rng: np.random.Generator) -> str | None:
    rows = [row for row in lore.notes.latest_by(note, PROFILE_NOTES) if row != note]
    return lore.notes.ids[rows[rng.integers(len(rows))]] if rows else None


def met(cards: pl.DataFrame) -> pl.DataFrame:
    """What the visits' pages and searches came upon: the first card of each note and product."""
    return (
        cards.filter(pl.col("wanted") | (pl.col("kind") == "product"))
        .filter(pl.col("kind") != "ad")
        .unique(["visit", "item_id"], keep="first", maintain_order=True)
        .select("visit", "request_id", "surface", "position", target="item_id")
        .select(MET)
    )


def unmet(steps: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The first step on each note that the visit has not come upon."""
    return (
        steps.filter(pl.col("verb").is_in(ON_NOTES) & pl.col("target").is_not_null())
        .join(found, on=["visit", "target"], how="anti", maintain_order="left")
        .unique(["visit", "target"], keep="first", maintain_order=True)
    )


def listed(
    steps: pl.DataFrame, lore: Lore, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Requests (see ``asking``) that find the targets of steps, and the cards that answer them."""
    planned = chance(rng, np.full(steps.height, THROUGH_PROFILE))
    by_author = planned | (steps["sub"] == IMPULSE_SUB).to_numpy()
    answers = [
        _answer(target, through, lore)
        for target, through in zip(steps["target"], by_author, strict=True)
    ]
    asked = identified(
        steps.select(
            "visit",
            "phase",
            "seq",
            "sub",
            "after_s",
            surface=pl.Series([surface for surface, _ in answers], dtype=pl.String),
            query=pl.lit(None, pl.String),
            size=pl.Series([len(notes) for _, notes in answers], dtype=pl.Int64),
            is_last=pl.lit(True),
            browsed=pl.lit(False),
        ),
        rng,
    )
    return asked, _cards(asked, steps, [notes for _, notes in answers])


def _answer(target: str, by_author: bool, lore: Lore) -> tuple[str, list[str]]:
    note = lore.notes.index.row_of.get(target)
    if not by_author or note is None:
        return "link", [target]
    latest = lore.notes.latest_by(note, PROFILE_NOTES)
    shown = latest if note in latest else [*latest[:-1], note]
    return "profile", [lore.notes.ids[row] for row in shown]


def _cards(asked: pl.DataFrame, steps: pl.DataFrame, notes: list[list[str]]) -> pl.DataFrame:
    cards = (
        asked.select(
            *("request_id", "surface", "visit", "phase", "seq", "sub", "is_last", "browsed"),
            person=steps["person"],
            target=steps["target"],
            item_id=pl.Series(notes, dtype=pl.List(pl.String)),
        )
        .explode("item_id")
        .with_columns(position=pl.int_range(1, pl.len() + 1).over("request_id"))
    )
    is_link = pl.col("surface") == "link"
    return cards.with_columns(
        pl.col("sub") + pl.col("position").cast(pl.Int32),
        kind=pl.lit("note"),
        slot=pl.col("surface"),
        score=1 / pl.col("position"),
        reason=pl.when(is_link).then(pl.lit("asked")).otherwise(pl.lit("newest")),
        note_id="item_id",
        wanted=pl.col("item_id") == pl.col("target"),
    )
