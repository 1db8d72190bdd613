"""Those who ask for pages: what they care for, whom they follow, what they have hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import sqlalchemy as sa

from platform_core.appeal import Floats
from platform_core.tables.engagement import follows, reactions, user_topics
from platform_core.tables.users import users

CHOSEN: Final = 5.0
"""What the topics chosen at sign-up weigh together, against one for each point of what was done."""
TOP_TOPICS: Final = 3

_IDS: Final[sa.BindParameter[str]] = sa.bindparam("ids", expanding=True)
_CHOSEN: Final = sa.select(*users.c["user_id", "interests"]).where(users.c.user_id.in_(_IDS))
_SHOWN: Final = sa.select(*user_topics.c["user_id", "topic", "weight"]).where(
    user_topics.c.user_id.in_(_IDS), user_topics.c.weight > 0
)
_FOLLOWED: Final = sa.select(*follows.c["user_id", "creator_id"]).where(follows.c.user_id.in_(_IDS))
_HIDDEN: Final = sa.select(*reactions.c["user_id", "note_id"]).where(
    reactions.c.user_id.in_(_IDS), reactions.c.kind == "hide"
)


@dataclass(frozen=True)
class Readers:
    """Frames of the people who ask, each row with ``user_id``.

    ``topics`` has ``topic`` and ``weight``, which sum to 1 a person; ``followed`` has
    ``creator_id``, ``hidden`` has ``note_id``.
    """

    topics: pl.DataFrame
    followed: pl.DataFrame
    hidden: pl.DataFrame

    @classmethod
    def load(cls, connection: sa.Connection, user_ids: Sequence[str]) -> "Readers":
        """What the database knows of them now."""
        asked = {"ids": sorted(set(user_ids))}
        chosen = _frame(connection, _CHOSEN, asked, interests=pl.List(pl.String))
        shown = _frame(connection, _SHOWN, asked, topic=pl.String, weight=pl.Float64)
        return cls(
            _weighed(chosen, shown),
            _frame(connection, _FOLLOWED, asked, creator_id=pl.String),
            _frame(connection, _HIDDEN, asked, note_id=pl.String),
        )

    def weights(self, people: Sequence[str | None], topics: dict[str, int]) -> Floats:
        """People x topics; who is not known cares for nothing in particular."""
        weights = np.zeros((len(people), len(topics)), dtype=np.float32)
        known = pl.DataFrame({"user_id": people, "row": range(len(people))}, strict=False)
        of_pool = pl.DataFrame({"topic": list(topics), "column": list(topics.values())})
        cells = known.cast({"user_id": pl.String}).join(self.topics, on="user_id")
        cells = cells.join(of_pool.cast({"topic": pl.String, "column": pl.Int64}), on="topic")
        weights[cells["row"].to_numpy(), cells["column"].to_numpy()] = cells["weight"].to_numpy()
        return weights

    def top_topics(self) -> pl.DataFrame:
        """The ``topics`` that each person cares for most, as a list."""
        ranked = self.topics.sort("user_id", "weight", "topic", descending=[False, True, False])
        top = pl.col("topic").head(TOP_TOPICS).alias("topics")
        return ranked.group_by("user_id", maintain_order=True).agg(top)

    def hidden_lists(self) -> pl.DataFrame:
        """The notes that each person has ``hidden``, as a list."""
        return self.hidden.group_by("user_id").agg(pl.col("note_id").sort().alias("hidden"))


def _frame(
    connection: sa.Connection,
    query: sa.Select[*tuple[object, ...]],
    asked: dict[str, list[str]],
    **columns: pl.DataType | type[pl.DataType],
) -> pl.DataFrame:
    schema = pl.Schema({"user_id": pl.String, **columns})
    rows = connection.execute(query, asked).all() if asked["ids"] else []
    if not rows:
        return schema.to_frame()
    return pl.DataFrame(dict(zip(schema, zip(*rows, strict=True), strict=True)), schema=schema)


def _weighed(chosen: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    share = CHOSEN / pl.col("interests").list.len()
    first = chosen.with_columns(share.alias("weight")).explode("interests").drop_nulls()
    both = pl.concat([first.rename({"interests": "topic"}), shown])
    summed = both.group_by("user_id", "topic").agg(pl.col("weight").sum()).sort("user_id", "topic")
    return summed.with_columns(pl.col("weight") / pl.col("weight").sum().over("user_id"))
