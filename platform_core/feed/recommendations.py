"""What the warehouse recommends to each person, where it has published that."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import polars as pl
import sqlalchemy as sa

from platform_core.keys import key
from platform_core.pseudonyms import namespace_key, pseudonym

FILE: Final = Path("published") / "recommendations.parquet"
"""Where the warehouse publishes, under ``MEADOW_HOME``."""
SCHEMA: Final = pl.Schema({"user_id": pl.String, "note_id": pl.String, "score": pl.Float64})
"""In the file ``user_id`` is a pseudonym: the warehouse knows nobody by another name."""


@dataclass(frozen=True)
class Recommendations:
    """Rows of ``SCHEMA`` in the order of ``user_id``, and the key of its pseudonyms."""

    rows: pl.DataFrame
    keyed: str

    @classmethod
    def read(cls, path: Path, engine: sa.Engine) -> Self:
        """What a file says, to the platform that made its pseudonyms.

        Raises:
            ValueError: the file has not these columns.
        """
        read = pl.read_parquet(path)
        if missing := SCHEMA.keys() - set(read.columns):
            raise ValueError(f"{path}: columns {', '.join(sorted(missing))} are missing")
        rows = read.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        return cls(rows.sort("user_id"), namespace_key(key(engine, "pseudonym"), "person"))

    def of(self, user_ids: Sequence[str]) -> pl.DataFrame:
        """The rows of these users, under their own ids."""
        called = pl.Series(
            [pseudonym(user_id, self.keyed) for user_id in user_ids], dtype=pl.String
        )
        names = self.rows["user_id"]
        places = pl.DataFrame(
            {
                "user_id": pl.Series(user_ids, dtype=pl.String),
                "place": pl.int_ranges(
                    names.search_sorted(called, "left"),
                    names.search_sorted(called, "right"),
                    eager=True,
                ),
            }
        )
        rows = places.explode("place").drop_nulls()
        return rows.select("user_id").hstack(self.rows[rows["place"]].select("note_id", "score"))


def published_recommendations(home: Path, engine: sa.Engine) -> Recommendations | None:
    """What the warehouse has published, a higher score first to be shown; None if nothing yet.

    Raises:
        ValueError: the file is not as it should be.
    """
    path = home / FILE
    return Recommendations.read(path, engine) if path.exists() else None
