"""Rows in, rows out: one computed lake a module, read with SQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from pipelines.warehouse import audit
from pipelines.warehouse.audit import AuditReport
from pipelines.warehouse.reader import Reader
from tests.warehouse.nightly import deliver, house, newest, night

Query = Callable[..., list[tuple[Any, ...]]]
Compute = Callable[..., Query]


@pytest.fixture(scope="module")
def compute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compute]:
    """Land events, run the batch with its audits, and get a function that reads the release."""
    with ExitStack() as opened:

        def computed(*events: dict[str, Any]) -> Query:
            meadow = house(tmp_path_factory.mktemp("meadow"))
            opened.callback(meadow.platform.dispose)
            deliver(meadow, *events)
            night(meadow)
            reader = opened.enter_context(
                closing(
                    Reader(
                        meadow.settings.lake,
                        newest(meadow),
                        brand_id=None,
                        using=meadow.settings,
                    )
                )
            )
            return lambda query, **params: reader.query(query, **params).rows()

        yield computed


@pytest.fixture(scope="module")
def without_audits() -> Iterator[None]:
    """Audits take most of a small run's time, and change no row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "audit", lambda model, *_: AuditReport(model.name, ()))
        yield
