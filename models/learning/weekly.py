"""All subjects are trained from the pinned tables, one after the other."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from models.learning import LEARNERS, NUMERIC
from models.learning.labels import labelled
from models.learning.training import Trained, train
from models.scores.store import ModelStore
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Pin
from platform_core.settings import Settings

LABEL_MATURITY_DAYS: Final = 7
"""A decision that has stood this long without another is a label."""


def train_all(
    catalog: Catalog, pins: Mapping[str, Pin], settings: Settings, timezone: str, *, as_of: date
) -> Iterator[Trained]:
    """Train each subject's challenger from labels that are mature as of a day."""
    store = ModelStore(settings.models)
    with connect(settings, timezone) as connection:
        for learner in LEARNERS:
            for name in learner.reads:
                create_view(connection, name, pins[name], pins[name].files)
            columns = [
                column.name
                for column in catalog[learner.conduct].header.columns
                if column.unit in NUMERIC
            ]
            rows = labelled(
                connection, learner, columns, as_of=as_of, maturity_days=LABEL_MATURITY_DAYS
            )
            yield train(learner, rows, columns, store)
