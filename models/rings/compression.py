"""Lists of neighbours in two flat arrays: those of node i are ``members[starts[i]:starts[i + 1]]``.

Counting sorts: time and memory grow with edges and nodes, nothing is compared.
"""

import numpy as np
import numpy.typing as npt

from models.rings.compiled import compiled

Starts = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


@compiled
def grouped(owners: Codes, members: Codes, owner_count: int) -> tuple[Starts, Codes]:
    """Lists of members by owner, in the order of the edges."""
    starts = np.zeros(owner_count + 1, np.int64)
    for owner in owners:
        starts[owner + 1] += 1
    for i in range(owner_count):
        starts[i + 1] += starts[i]
    place = starts[:-1].copy()
    lists = np.empty(len(members), np.int32)
    for i in range(len(members)):
        lists[place[owners[i]]] = members[i]
        place[owners[i]] += 1
    return starts, lists


@compiled
def transposed(starts: Starts, lists: Codes, member_count: int) -> tuple[Starts, Codes]:
    """The same edges by member: each list of owners is ascending."""
    turned = np.zeros(member_count + 1, np.int64)
    for member in lists:
        turned[member + 1] += 1
    for i in range(member_count):
        turned[i + 1] += turned[i]
    place = turned[:-1].copy()
    owners = np.empty(len(lists), np.int32)
    for owner in range(len(starts) - 1):
        for i in range(starts[owner], starts[owner + 1]):
            owners[place[lists[i]]] = owner
            place[lists[i]] += 1
    return turned, owners


@compiled
def merged(starts: Starts, lists: Codes) -> tuple[Starts, Codes]:
    """Ascending lists, each member once. Overwrites ``lists``; the result is a part of it."""
    kept_starts = np.zeros_like(starts)
    kept = 0
    for owner in range(len(starts) - 1):
        previous = np.int32(-1)
        for i in range(starts[owner], starts[owner + 1]):
            if lists[i] != previous:
                previous = lists[i]
                lists[kept] = previous
                kept += 1
        kept_starts[owner + 1] = kept
    return kept_starts, lists[:kept]


@compiled
def counts_within(
    starts: Starts, lists: Codes, owners: Codes, member_marked: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """How many marked members each of ``owners`` has."""
    counts = np.zeros(len(owners), np.int64)
    for i in range(len(owners)):
        for j in range(starts[owners[i]], starts[owners[i] + 1]):
            counts[i] += member_marked[lists[j]]
    return counts


@compiled
def without(
    starts: Starts,
    lists: Codes,
    owner_marked: npt.NDArray[np.bool_],
    member_marked: npt.NDArray[np.bool_],
) -> tuple[Starts, Codes]:
    """The lists without the edges between a marked owner and a marked member."""
    kept_starts = np.zeros_like(starts)
    remaining = np.empty_like(lists)
    kept = 0
    for owner in range(len(starts) - 1):
        for i in range(starts[owner], starts[owner + 1]):
            if not (owner_marked[owner] and member_marked[lists[i]]):
                remaining[kept] = lists[i]
                kept += 1
        kept_starts[owner + 1] = kept
    return kept_starts, remaining[:kept]
