"""The nightly batch as one call, and what it leaves as plain rows."""

import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.defs.house import House
from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.lake import Window
from pipelines.warehouse.reader import Reader
from pipelines.warehouse.release import Release, latest
from pipelines.warehouse.run import Published
from platform_core.settings import Settings
from tests.events import land

WEIGHED = {
    f"risk.{subject}_{way}"
    for subject in ("click", "order", "review", "note", "user")
    for way in ("scores", "learned")
}
NOW = datetime(2026, 9, 1, 2, tzinfo=UTC)
WHERE_IT_LANDED = {"segment", "line"}


def house(home: Path, database_url: str = "", tables: Iterable[str] = ()) -> House:
    """A Meadow at ``home`` that reports in Asia/Shanghai; houses may share a platform's keys.

    Args:
        tables: it knows these tables only, and those that they are made from; all if none.
    """
    meadow = House(
        Settings(home=home, database_url=database_url, max_quarantine_rate=1.0, _env_file=None)
    )
    if tables:
        vars(meadow)["catalog"] = narrowed(meadow.catalog, tables)
    return meadow


def narrowed(catalog: Catalog, tables: Iterable[str]) -> Catalog:
    """The tables of these names, all that they are made from, and those that events land in.

    Detectors that weigh conduct say nothing of a few events, and what they read is half of all
    tables: unless asked for by name, theirs have no rows and are made from next to nothing.
    """
    asked = set(tables)
    wanted = [*(m.name for m in catalog if not m.is_computed), *sorted(asked)]
    kept: dict[str, Model] = {}
    while wanted:
        model = catalog[wanted.pop()]
        if model.name in WEIGHED - asked:
            model = silent(model)
        kept[model.name] = model
        wanted += [name for name in (*model.inputs, *model.compared) if name not in kept]
    return Catalog(kept)


def silent(model: Model) -> Model:
    """The same table, made of no row."""
    columns = ", ".join(f"CAST(NULL AS {c.column.type}) AS {c.name}" for c in model.header.columns)
    days = "event_date BETWEEN $from_date AND $to_date AND false"
    made = {"made_by": None, "reads": [], "says": []}
    header = model.header.model_copy(update=made)
    sql = f"SELECT {columns} FROM bronze.events WHERE {days}"
    return replace(model, header=header, sql=sql, code="")


def deliver(meadow: House, *events: dict[str, Any]) -> None:
    """Land the events, each in its own source, one segment a source."""
    for source in sorted({event["source"] for event in events}):
        own = [event for event in events if event["source"] == source]
        land(meadow.settings.landing, *own, source=source)


def night(meadow: House, run_id: str = "r1", *, again: Window | None = None) -> list[Published]:
    """Ingest, bring every table up to date (days of ``again`` in any case), and release."""
    meadow.ingest().all_sources()
    with meadow.begin_run(run_id) as run:
        published = [
            done
            for model in meadow.catalog.computed
            for done in run.bring_up_to_date(model, again, again=again is not None)
        ]
        run.release(NOW)
    return published


def newest(meadow: House) -> Release:
    found = latest(meadow.settings.lake)
    assert found is not None
    return found


def read(meadow: House, query: str, **params: Any) -> list[tuple[Any, ...]]:
    """Rows of a query over the newest release."""
    reader = Reader(meadow.settings.lake, newest(meadow), brand_id=None, using=meadow.settings)
    with closing(reader):
        return reader.query(query, **params).rows()


def contents(meadow: House) -> dict[str, list[str]]:
    """The rows of every computed table in order, apart from where their events had landed."""
    reader = Reader(meadow.settings.lake, newest(meadow), brand_id=None, using=meadow.settings)
    with closing(reader):
        return {
            model.name: sorted(map(str, _rows(reader, model.name)))
            for model in meadow.catalog.computed
        }


def hashes(meadow: House) -> dict[str, str]:
    """One hash a table over its rows, whatever their order in its files."""
    return {
        name: hashlib.sha256("\n".join(rows).encode()).hexdigest()
        for name, rows in contents(meadow).items()
    }


def _rows(reader: Reader, table: str) -> list[tuple[Any, ...]]:
    frame = reader.query(f"SELECT * FROM {table}")
    return frame.drop(c for c in frame.columns if c in WHERE_IT_LANDED).rows()
