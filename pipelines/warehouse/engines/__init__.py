"""The engines that compute the tables, and the one place that chooses between them."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from platform_core.settings import Settings

if TYPE_CHECKING:
    from pipelines.warehouse.engines.engine import Engine


class EngineMissing(ValueError):
    """What an engine needs is not installed."""


def open_engine(settings: Settings, timezone: str) -> "Engine":
    """The engine that ``MEADOW_ENGINE`` names; close it, or use it in a ``with``.

    Raises:
        EngineMissing: it is not installed.
    """
    if settings.engine == "spark":
        if not find_spec("pyspark"):
            raise EngineMissing("MEADOW_ENGINE=spark needs PySpark: pip install meadow[spark]")
        from pipelines.warehouse.engines.spark import SparkEngine  # takes seconds to import

        return SparkEngine(settings, timezone)
    from pipelines.warehouse.engines.duck import DuckEngine

    return DuckEngine(settings, timezone)
