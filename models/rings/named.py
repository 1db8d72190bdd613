"""A graph whose users and targets have names: from rows of events, and back to them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from models.rings.dense_blocks import Block
from models.rings.graph import BadGraph, BipartiteGraph


@dataclass(frozen=True)
class NamedGraph:
    """A graph with the id of each code. Ids are in ascending order, whatever the rows' order."""

    graph: BipartiteGraph
    user_column: str
    target_column: str
    user_ids: pl.Series
    target_ids: pl.Series

    @classmethod
    def from_frame(cls, rows: pl.DataFrame, *, user: str, target: str) -> Self:
        """One edge for each pair of ids in ``rows``, however often it occurs.

        Raises:
            BadGraph: an id is NULL.
        """
        user_ids, users = _coded(rows.get_column(user))
        target_ids, targets = _coded(rows.get_column(target))
        graph = BipartiteGraph.from_codes(
            users, targets, user_count=len(user_ids), target_count=len(target_ids)
        )
        return cls(graph, user, target, user_ids, target_ids)

    def users_of(self, block: Block) -> pl.Series:
        """Ids of a block's users."""
        return self.user_ids.gather(block.users)

    def targets_of(self, block: Block) -> pl.Series:
        """Ids of a block's targets."""
        return self.target_ids.gather(block.targets)

    def evidence(self, rows: pl.DataFrame, block: Block) -> pl.DataFrame:
        """Those of ``rows`` that are between a block's users and its targets, in their order."""
        return rows.filter(
            pl.col(self.user_column).is_in(self.users_of(block).implode()),
            pl.col(self.target_column).is_in(self.targets_of(block).implode()),
        )


def _coded(ids: pl.Series) -> tuple[pl.Series, npt.NDArray[np.int32]]:
    if missing := ids.null_count():
        raise BadGraph(f"{ids.name} is NULL in {missing:,} of {len(ids):,} rows")
    known = ids.unique().sort()
    codes = pl.DataFrame({"id": known}).with_row_index("code")
    coded = pl.DataFrame({"id": ids}).join(codes, on="id", how="left", maintain_order="left")
    return known, coded.get_column("code").cast(pl.Int32).to_numpy()
