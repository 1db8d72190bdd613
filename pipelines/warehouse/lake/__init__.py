"""The lake: Delta tables that readers see whole or not at all, and the releases that bind them."""

from pipelines.warehouse.lake.lake import Lake
from pipelines.warehouse.lake.pin import Pin
from pipelines.warehouse.lake.publisher import PublishRefused
from pipelines.warehouse.lake.staged import Staged, StagedFile
from pipelines.warehouse.lake.table import Column, Table
from pipelines.warehouse.lake.window import Window, ranges

__all__ = [
    "Column",
    "Lake",
    "Pin",
    "PublishRefused",
    "Staged",
    "StagedFile",
    "Table",
    "Window",
    "ranges",
]
