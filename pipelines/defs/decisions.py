"""Which days newly ingested decisions speak of."""

from datetime import date
from typing import Final

from pipelines.defs.house import House
from pipelines.warehouse.engines.connection import connect, create_view

EVENTS: Final = "bronze.events"
DAYS: Final = """
SELECT DISTINCT CAST(unnest(json_strings(data, '$.subject_dates')) AS DATE)
FROM arrived WHERE type = 'moderation.decided' AND NOT is_duplicate
"""


def last_version(house: House) -> int:
    """The newest version of the ingested events; 0 before the first ingest."""
    return house.lake.version(EVENTS) if house.lake.exists(EVENTS) else 0


def decided_days(house: House, seen: int, now: int) -> set[date]:
    """Days of the subjects of decisions that were ingested after version ``seen``."""
    newest = house.lake.pin(EVENTS, now)
    arrived = newest.changed_since(house.lake.standing_pin(EVENTS, seen))
    with connect(house.settings, house.lake.timezone) as connection:
        create_view(connection, "arrived", newest, arrived)
        return {day for (day,) in connection.sql(DAYS).fetchall()}
