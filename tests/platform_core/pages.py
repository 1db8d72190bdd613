"""Pages of cards as tests ask for them: literal requests in, cards out."""

from typing import Any

import numpy as np
import polars as pl

from platform_core.feed import Ranker
from tests.platform_core.press import NOW, Press


def request(user_id: str | None, surface: str = "feed", **changes: Any) -> dict[str, Any]:
    row = {"user_id": user_id, "surface": surface, "at": NOW, "size": 10, "query": None}
    return row | changes


def serve(press: Press, *rows: dict[str, Any], **others: Any) -> pl.DataFrame:
    ranker = others.pop("ranker", None) or Ranker.load(press.engine, now=NOW)
    numbered = [{"request_id": f"request_{i}"} | row for i, row in enumerate(rows)]
    schema = {"user_id": pl.String, "query": pl.String, "at": pl.Datetime("us", "UTC")}
    requests = pl.DataFrame(numbered, schema_overrides=schema)
    return ranker.serve(requests, np.random.default_rng(7), **others)


def shown(cards: pl.DataFrame, **where: Any) -> list[str]:
    return cards.filter(**where)["item_id"].to_list() if where else cards["item_id"].to_list()
