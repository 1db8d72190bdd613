"""The house and its run, as Dagster hands them to assets."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import dagster as dg
from pydantic import PrivateAttr

from pipelines.defs.house import House, open_house
from pipelines.warehouse.run import Run


class HouseResource(dg.ConfigurableResource["HouseResource"]):
    """The house; a run on its lake begins when an asset first asks and ends with the process's
    Dagster run, so that all assets of one Dagster run read the same versions."""

    _house: House = PrivateAttr()
    _open: ExitStack = PrivateAttr()
    _run: Run | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["HouseResource"]:
        self._house = open_house()
        with ExitStack() as self._open:
            yield self
        self._run = None

    @property
    def house(self) -> House:
        return self._house

    def run(self, run_id: str) -> Run:
        """The run on the lake that belongs to this Dagster run."""
        if self._run is None:
            self._run = self._open.enter_context(self._house.begin_run(run_id))
        return self._run
