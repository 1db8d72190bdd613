"""Who acted on what: a compressed graph of users and targets, read from both sides."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from models.rings.compression import (
    Codes,
    Starts,
    counts_within,
    grouped,
    merged,
    transposed,
    without,
)

LARGEST_CODE: Final = (1 << 31) - 2


class BadGraph(ValueError):
    """What was given is not a graph of users and targets."""


@dataclass(frozen=True)
class BipartiteGraph:
    """Users 0..u-1, targets 0..t-1, and each edge between them once, whatever it weighs.

    The targets of user i are ``targets[target_starts[i]:target_starts[i + 1]]``, ascending; the
    users of target j are ``users[user_starts[j]:user_starts[j + 1]]``, ascending. 8 bytes an edge.
    """

    target_starts: Starts
    targets: Codes
    user_starts: Starts
    users: Codes

    @classmethod
    def from_codes(
        cls,
        users: npt.NDArray[Any],
        targets: npt.NDArray[Any],
        *,
        user_count: int | None = None,
        target_count: int | None = None,
    ) -> Self:
        """Edge i is between ``users[i]`` and ``targets[i]``; repeated edges are merged.

        Raises:
            BadGraph: the arrays differ in length or are not codes from 0 to below their count.
        """
        if len(users) != len(targets):
            raise BadGraph(f"{len(users):,} users but {len(targets):,} targets: not edges")
        user_codes, user_count = _codes("users", users, user_count)
        target_codes, target_count = _codes("targets", targets, target_count)
        by_target = grouped(target_codes, user_codes, target_count)
        by_user = merged(*transposed(*by_target, user_count))
        return cls(*by_user, *transposed(*by_user, target_count))

    @property
    def user_count(self) -> int:
        return len(self.target_starts) - 1

    @property
    def target_count(self) -> int:
        return len(self.user_starts) - 1

    @property
    def edge_count(self) -> int:
        return len(self.targets)

    @property
    def user_degrees(self) -> npt.NDArray[np.int64]:
        """Targets of each user."""
        return np.diff(self.target_starts)

    @property
    def target_degrees(self) -> npt.NDArray[np.int64]:
        """Users of each target."""
        return np.diff(self.user_starts)

    def degrees_within(
        self, users: Codes, targets: Codes
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Edges of each of these users to these targets, and of each target to these users."""
        in_users = _marks(users, self.user_count)
        in_targets = _marks(targets, self.target_count)
        return (
            counts_within(self.target_starts, self.targets, users, in_targets),
            counts_within(self.user_starts, self.users, targets, in_users),
        )

    def without_block(self, users: Codes, targets: Codes) -> "BipartiteGraph":
        """The same nodes, without the edges between these users and these targets."""
        in_users = _marks(users, self.user_count)
        in_targets = _marks(targets, self.target_count)
        return BipartiteGraph(
            *without(self.target_starts, self.targets, in_users, in_targets),
            *without(self.user_starts, self.users, in_targets, in_users),
        )


def _codes(name: str, codes: npt.NDArray[Any], count: int | None) -> tuple[Codes, int]:
    if not np.issubdtype(codes.dtype, np.integer):
        raise BadGraph(f"{name} are {codes.dtype}; give whole numbers, or name them by NamedGraph")
    least, most = (int(codes.min()), int(codes.max())) if len(codes) else (0, -1)
    count = most + 1 if count is None else count
    if least < 0 or most >= count or count > LARGEST_CODE:
        raise BadGraph(f"{name} are codes {least:,} to {most:,}; of {count:,} they are 0 to below")
    return codes.astype(np.int32, copy=False), count


def _marks(codes: Codes, count: int) -> npt.NDArray[np.bool_]:
    marks = np.zeros(count, np.bool_)
    marks[codes] = True
    return marks
