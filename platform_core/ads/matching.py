"""Which offers suit which requests, and how likely a click on them is."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.search.words import normal

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CLICK_RATE: Final = {"feed": 0.02, "search": 0.035}
"""Of ads seen. In-feed ads of Chinese content platforms report 1 to 4 %, search ads more."""
MEMBER: Final = {"member": pl.String}
MATCHED_TOPIC: Final = 1.6  # a note about what the person cares for is clicked so much more often
EXACT_KEYWORD: Final = 1.5  # against a keyword that is only a part of what was searched


def suits(slots: pl.DataFrame, offers: pl.DataFrame) -> Flags:
    """Requests x offers: the placement is right, and the person or the query is one it is for."""
    placed = _column(slots, "placement")[:, None] == _column(offers, "placement")[None, :]
    everybody = (offers["interests"].list.len() == 0).to_numpy()
    wanted = everybody | (_shared(slots["topics"], offers["interests"]) > 0)
    searched = _keyword_hits(slots["query"], offers["keyword"]) > 0
    for_query = offers["keyword"].is_not_null().to_numpy()
    fits: Flags = placed & wanted & (searched | ~for_query)
    if "hidden" in slots.columns:
        fits &= _shared(slots["hidden"], offers["note_id"].reshape((-1, 1))) == 0
    return fits


def click_rates(slots: pl.DataFrame, offers: pl.DataFrame) -> Floats:
    """Requests x offers: predicted clicks of one showing."""
    base = np.array([CLICK_RATE[placement] for placement in offers["placement"]])
    topical = np.where(_shared(slots["topics"], offers["topics"]) > 0, MATCHED_TOPIC, 1.0)
    keyword = np.maximum(_keyword_hits(slots["query"], offers["keyword"]), 1.0)
    rates: Floats = base * np.sqrt(offers["quality"].to_numpy()) * topical * keyword
    return np.minimum(rates, 1.0)


def _shared(left: pl.Series, right: pl.Series) -> Floats:
    """How many members each list of the left has in common with each of the right."""
    left, right = left.cast(pl.List(pl.String)), right.cast(pl.List(pl.String))
    members = sorted(set(right.explode().drop_nulls()))
    numbers = {member: number for number, member in enumerate(members)}
    return _membership(left, numbers) @ _membership(right, numbers).T


def _membership(lists: pl.Series, numbers: dict[str, int]) -> Floats:
    cells = pl.DataFrame({"row": range(len(lists)), "member": lists}).explode("member")
    known = pl.DataFrame(
        {"member": list(numbers), "column": range(len(numbers))}, schema_overrides=MEMBER
    )
    cells = cells.join(known, on="member")
    rows = np.zeros((len(lists), len(numbers)))
    rows[cells["row"].to_numpy(), cells["column"].to_numpy()] = 1.0
    return rows


def _keyword_hits(queries: pl.Series, keywords: pl.Series) -> Floats:
    """0 where the keyword is not in the query, ``EXACT_KEYWORD`` where it is all of it, else 1."""
    asked, rows = np.unique([normal(query or "") for query in queries], return_inverse=True)
    bid_on, columns = np.unique([word or "" for word in keywords], return_inverse=True)
    hits = [[_hit(str(query), str(word)) for word in bid_on] for query in asked]
    found: Floats = np.array(hits).reshape(len(asked), len(bid_on))[rows][:, columns]
    return found


def _hit(query: str, keyword: str) -> float:
    if not query or not keyword:
        return 0.0
    if query == keyword:
        return EXACT_KEYWORD
    if keyword.isascii():
        return float(f" {keyword} " in f" {query} ")
    return float(keyword in query)


def _column(frame: pl.DataFrame, name: str) -> npt.NDArray[np.object_]:
    return np.array(frame[name].to_list(), dtype=object)
