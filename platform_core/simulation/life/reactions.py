"""What follows on seen cards, collected verb by verb and made into moments all at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.life.looking import PLACE, Looked
from platform_core.simulation.life.lore import NOWHERE, Floats, Rows
from platform_core.simulation.life.moments import moments

Texts = Sequence[str | None]


class Reactions:
    """Rows of MOMENTS in the making, about cards that were seen."""

    def __init__(self, seen: Looked) -> None:
        self._seen = seen
        self._numbers: list[dict[str, npt.NDArray[Any]]] = []
        self._words: list[dict[str, pl.Series]] = []

    def add(
        self,
        verb: str | pl.Series,
        row: Rows,
        sub: Rows | int,
        item: pl.Series,
        lead_s: Floats,
        *,
        stay_s: Floats | float = 0.0,
        text: Texts | None = None,
        value: Rows | int = 0,
        nth: Rows | int = NOWHERE,
    ) -> None:
        """Something follows on each of the cards in these rows.

        Args:
            value: 0 where there is none.
            nth: which product of the card's note it is about, counted from 0, if it is about one.
        """
        count = len(row)
        numbers = {"sub": sub, "stay_s": stay_s, "value": value, "nth": nth}
        self._numbers.append(
            {"row": row, "lead_s": lead_s}
            | {name: np.broadcast_to(given, count) for name, given in numbers.items()}
        )
        self._words.append(
            {
                "verb": _repeated(verb, count) if isinstance(verb, str) else verb,
                "item": item,
                "text": _repeated(None, count)
                if text is None
                else pl.Series(text, dtype=pl.String),
            }
        )

    def moments(self) -> pl.DataFrame:
        """Everything that was added."""
        numbers = {
            name: np.concatenate([part[name] for part in self._numbers])
            for name in self._numbers[0]
        }
        words = {name: pl.concat([part[name] for part in self._words]) for name in self._words[0]}
        row, nth, value = (numbers.pop(name) for name in ("row", "nth", "value"))
        of = self._seen.cards.select(*PLACE, "note_id")[row]
        in_note = pl.Series(nth >= 0)
        nothing = _repeated(None, len(row))
        return moments(
            **{name: of[name] for name in ("visit", "phase", "seq")},
            # a product stands in its note, whatever request the note was served with
            request_id=nothing.zip_with(in_note, of["request_id"]),
            surface=_repeated("note", len(row)).zip_with(in_note, of["surface"]),
            position=pl.Series(nth + 1).zip_with(in_note, of["position"].cast(pl.Int64)),
            link=of["note_id"].zip_with(in_note, nothing),
            value=pl.Series(np.maximum(value, 1)).zip_with(
                pl.Series(value > 0), pl.Series([None], dtype=pl.Int64).new_from_index(0, len(row))
            ),
            sub=numbers["sub"],
            lead_s=numbers["lead_s"],
            stay_s=numbers["stay_s"],
            **words,
        )


def _repeated(word: str | None, count: int) -> pl.Series:
    return pl.Series([word], dtype=pl.String).new_from_index(0, count)
