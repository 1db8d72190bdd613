"""Rows in, rows out: one lake a module, read with SQL."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Final

import pytest

from pipelines.defs.house import House
from pipelines.warehouse import audit
from pipelines.warehouse.findings import AuditReport
from tests.warehouse.nightly import deliver, house, narrowed, night, read

Query = Callable[..., list[tuple[Any, ...]]]
Compute = Callable[..., Query]
TABLE: Final = re.compile(r"\b\w+\.\w+\b")


class Computed:
    """The tables of one Meadow; those that a query names are computed when it first asks."""

    def __init__(self, meadow: House) -> None:
        self._meadow = meadow
        self._whole = meadow.catalog
        self._known: set[str] = set()

    def __call__(self, query: str, **params: object) -> list[tuple[Any, ...]]:
        named = {name for name in TABLE.findall(query) if name in self._whole.models}
        if not named <= self._known:
            self._known |= named
            vars(self._meadow)["catalog"] = narrowed(self._whole, self._known)
            night(self._meadow)
        return read(self._meadow, query, **params)


@pytest.fixture(scope="module")
def compute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compute]:
    """Land events, and get a function that reads tables after the batch with its audits."""
    with ExitStack() as opened:

        def computed(*events: dict[str, Any]) -> Query:
            meadow = house(tmp_path_factory.mktemp("meadow"))
            opened.callback(meadow.platform.dispose)
            deliver(meadow, *events)
            return Computed(meadow)

        yield computed


@pytest.fixture(scope="module")
def without_audits() -> Iterator[None]:
    """Audits take most of a small run's time, and change no row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "audit", lambda model, *_: AuditReport(model.name, ()))
        yield
