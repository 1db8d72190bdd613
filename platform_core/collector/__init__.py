"""The collector: what people do, written as segments; in process here, over HTTP in ``http``."""

from platform_core.collector.encoding import SOURCE, encode
from platform_core.collector.segments import Collector

__all__ = ["SOURCE", "Collector", "encode"]
