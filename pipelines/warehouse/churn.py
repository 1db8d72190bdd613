"""How many verdicts turn from one release to the next, day by day."""

from typing import Final

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.comparison import Comparison
from pipelines.warehouse.lake import Pin, Window

TABLE: Final = "gold.verdict_churn"
VERDICTS: Final = "_verdicts"
"""How tables end that say ``state`` of their subjects, in the layer ``risk``."""
TURNED: Final = """
INSERT INTO news
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


class Churn(Comparison):
    """Tells how many verdicts are others."""

    table = TABLE
    columns = (
        "verdicts_of VARCHAR, stated_for DATE, state_before VARCHAR, state_after VARCHAR, "
        "turned BIGINT, verdicts BIGINT"
    )

    def is_compared(self, model: Model) -> bool:
        return model.layer == "risk" and model.name.endswith(VERDICTS)

    def compare(self, model: Model, old: Pin, window: Window) -> None:
        keys = next(e.argument for e in model.header.expect if e.kind == "unique")
        self._connection.execute(TURNED.format(table=model.name, keys=", ".join(keys)))
