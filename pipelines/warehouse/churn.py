"""How many verdicts turn from one release to the next, day by day."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.engines.connection import create_view
from pipelines.warehouse.lake import Lake, Pin, Staged, Window, ranges
from pipelines.warehouse.release import Release
from pipelines.warehouse.restatements import released_days, stage_news

TABLE: Final = "gold.verdict_churn"
VERDICTS: Final = "_verdicts"
"""How tables end that say ``state`` of their subjects, in the layer ``risk``."""
TURNED: Final = """
INSERT INTO turned
SELECT '{table}', event_date, state_before, state_after, turned, verdicts
FROM (
  SELECT
    event_date, state_before, state_after, count(*) AS turned,
    CAST(sum(count(*)) OVER (PARTITION BY event_date) AS BIGINT) AS verdicts
  FROM (
    SELECT
      event_date,
      coalesce(was.state, 'none') AS state_before,
      coalesce(stands.state, 'none') AS state_after
    FROM was FULL JOIN stands USING ({keys})
  )
  GROUP BY event_date, state_before, state_after
)
WHERE state_before <> state_after
"""


class Churn:
    """Compares the verdicts that readers see with those that a run is about to release."""

    def __init__(
        self,
        lake: Lake,
        catalog: Catalog,
        connection: duckdb.DuckDBPyConnection,
        before: Release,
        pins: Mapping[str, Pin],
    ) -> None:
        self._lake = lake
        self._catalog = catalog
        self._connection = connection
        self._before = before
        self._now = pins

    def stage(self, folder: Path, now: datetime, run_id: str) -> Staged | None:
        """The turns that the next release brings; None if no verdict has turned."""
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE turned (verdicts_of VARCHAR, stated_for DATE, "
            "state_before VARCHAR, state_after VARCHAR, turned BIGINT, verdicts BIGINT)"
        )
        for model in self._catalog.computed:
            is_verdicts = model.layer == "risk" and model.name.endswith(VERDICTS)
            if is_verdicts and model.name in self._before.tables:
                self._compare(model)
        model, kept = self._catalog[TABLE], self._now[TABLE]
        return stage_news(
            self._connection, self._lake, model, kept, self._before, "turned", folder, now, run_id
        )

    def _compare(self, model: Model) -> None:
        old = self._lake.pin(model.name, self._before.tables[model.name])
        for window in ranges(released_days(old, self._now[model.name])):
            self._count(model, old, window)

    def _count(self, model: Model, old: Pin, window: Window) -> None:
        keys = next(e.argument for e in model.header.expect if e.kind == "unique")
        for name, pin in (("was", old), ("stands", self._now[model.name])):
            create_view(self._connection, name, pin, pin.within(window))
        self._connection.execute(TURNED.format(table=model.name, keys=", ".join(keys)))
