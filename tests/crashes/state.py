"""What must be the same after a crash: all rows, all cases, and what the release shows."""

import hashlib
from typing import Any, Final

import sqlalchemy as sa

from pipelines.defs.house import House
from pipelines.warehouse import release
from pipelines.warehouse.reader import Reader

DELIVERED: Final = """
SELECT source, sum(accepted) AS accepted, sum(quarantined) AS quarantined
FROM bronze.segments GROUP BY source
"""
RESTATED: Final = """
SELECT mart, metric, brand_id, item, stated_for, sum(change) AS change
FROM gold.restatements GROUP BY ALL
"""
TURNED: Final = """
SELECT verdicts_of, stated_for, state, sum(subjects) AS subjects
FROM (
  SELECT verdicts_of, stated_for, state_after AS state, turned AS subjects FROM gold.verdict_churn
  UNION ALL
  SELECT verdicts_of, stated_for, state_before, -turned FROM gold.verdict_churn
)
GROUP BY ALL HAVING sum(subjects) <> 0
"""
QUERIES: Final = {
    # An export replayed again lands copies, and nothing else may differ.
    "bronze.events": "SELECT * FROM bronze.events WHERE NOT is_duplicate",
    "bronze.segments": DELIVERED,
    "gold.restatements": RESTATED,  # a killed evening may take more releases to its end
    "gold.verdict_churn": TURNED,
    "bronze.quarantine": "SELECT * EXCLUDE (raw) FROM bronze.quarantine",  # sealed with a nonce
}


def state(house: House) -> dict[str, Any]:
    """A digest of every table of the newest release, and what stands in the platform."""
    return {**released(house), **platform(house)}


def released(house: House) -> dict[str, str]:
    """Digest of every released table's sorted rows."""
    newest = release.latest(house.lake.root)
    assert newest is not None
    reader = Reader(house.lake.root, newest, brand_id=None, using=house.settings)
    try:
        return {name: _digest(reader, name) for name in newest.tables}
    finally:
        reader.close()


def _digest(reader: Reader, name: str) -> str:
    found = reader.query(QUERIES.get(name, f"SELECT * FROM {name}"))
    lines = sorted(str(row) for row in found.select(sorted(found.columns)).to_dicts())
    return f"{len(lines)} rows {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"


def platform(house: House) -> dict[str, Any]:
    """Rows of every table of the platform, secrets left out."""
    tables = sa.inspect(house.platform).get_table_names()
    with house.platform.connect() as connection:
        return {
            f"platform.{name}": sorted(
                str(row) for row in connection.execute(sa.text(f"SELECT * FROM {name}"))
            )
            for name in tables
            if name != "secret_keys"
        }
