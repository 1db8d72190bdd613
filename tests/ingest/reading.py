"""What stands in the lake now, read as the dashboards read it."""

from datetime import UTC, datetime
from typing import Any

from pipelines.defs.house import House
from pipelines.warehouse.reader import Reader
from pipelines.warehouse.release import Release


def newest(house: House) -> Release:
    """The newest version of every table, as if they had been released."""
    versions = {m.name: house.lake.version(m.name) for m in house.catalog if _exists(house, m.name)}
    return Release(0, datetime.now(UTC), "", house.lake.timezone, versions, {})


def rows(house: House, sql: str) -> list[dict[str, Any]]:
    """Rows of a query over the newest versions."""
    reader = Reader(house.lake.root, newest(house), brand_id=None, using=house.settings)
    try:
        return reader.query(sql).to_dicts()
    finally:
        reader.close()


def _exists(house: House, name: str) -> bool:
    return house.lake.exists(name)
