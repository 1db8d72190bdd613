"""Literal rows as the tables of a lake: in memory for pure functions, on disk for the app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from deltalake import DeltaTable, write_deltalake

from dashboards.periods import Window
from pipelines.warehouse import release
from pipelines.warehouse.lake import Lake

NOW = datetime(2026, 8, 31, 2, 0, tzinfo=UTC)
TIMEZONE = "Asia/Shanghai"
WATERMARKS = {"shop": datetime(2026, 8, 30, 15, 58, tzinfo=UTC)}

VERDICT_PARTS = ("", "_givt", "_sivt", "_pending")
SCHEMAS: dict[str, dict[str, Any]] = {
    "gold.brand_daily": {
        "event_date": pl.Date,
        "brand_id": pl.String,
        **dict.fromkeys(
            ("visitors", "product_views", "cart_adds", "orders", "buyers", "gmv_minor"), pl.Int64
        ),
        "currency": pl.String,
    },
    "gold.brand_funnel_daily": {
        "event_date": pl.Date,
        "brand_id": pl.String,
        **dict.fromkeys(
            ("period_days", "reached_view", "reached_cart", "reached_order", "reached_payment"),
            pl.Int64,
        ),
    },
    "gold.product_funnel_daily": {
        "event_date": pl.Date,
        "product_id": pl.String,
        "brand_id": pl.String,
        **dict.fromkeys(("product_views", "cart_adds", "orders", "units", "gmv_minor"), pl.Int64),
    },
    "gold.campaign_daily": {
        "event_date": pl.Date,
        "campaign_id": pl.String,
        "brand_id": pl.String,
        **dict.fromkeys((f"ad_clicks{part}" for part in VERDICT_PARTS), pl.Int64),
        **dict.fromkeys((f"conversions{part}" for part in VERDICT_PARTS), pl.Int64),
    },
    "silver.brands": {"brand_id": pl.String, "name": pl.String},
    "silver.products": {"product_id": pl.String, "brand_id": pl.String, "name": pl.String},
}

Row = dict[str, Any]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    """Literal rows of a table; a count that is left out is 0, a text is null."""
    schema = SCHEMAS[table]
    empty = {name: 0 if kind == pl.Int64 else None for name, kind in schema.items()}
    return pl.DataFrame([{**empty, **row} for row in rows], schema=schema)


@dataclass
class LiteralRows:
    """``Rows`` of one brand over literal tables, in memory."""

    tables: Mapping[str, list[Row]]
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def __post_init__(self) -> None:
        for name, rows in self.tables.items():
            layer, _ = name.split(".")
            self.connection.sql(f"CREATE SCHEMA IF NOT EXISTS {layer}")
            self.connection.register("given", frame(name, rows).to_arrow())
            self.connection.sql(f"CREATE TABLE {name} AS SELECT * FROM given")
            self.connection.unregister("given")

    def has(self, table: str) -> bool:
        return table in self.tables

    def between(self, sql: str, window: Window) -> pl.DataFrame:
        params = {"first": window.first, "last": window.last}
        return self.connection.sql(sql, params=params).pl()

    def all(self, sql: str) -> pl.DataFrame:
        return self.connection.sql(sql).pl()


def publish(
    lake_root: Path,
    tables: Mapping[str, list[Row]],
    *,
    now: datetime = NOW,
    watermarks: Mapping[str, datetime] = WATERMARKS,
) -> release.Release:
    """A release whose tables hold exactly these rows; tables left out stay empty."""
    Lake(lake_root, TIMEZONE)
    versions = {}
    for name in SCHEMAS:
        path = lake_root / Path(*name.split("."))
        rows = frame(name, tables.get(name, []))
        write_deltalake(path, rows.to_arrow(), mode="overwrite")
        versions[name] = DeltaTable(path).version()
    return release.publish(
        lake_root,
        run_id=now.isoformat(),
        timezone=TIMEZONE,
        tables=versions,
        watermarks=watermarks,
        now=now,
    )
