"""What replay tests share: land a literal export, read back what stands in the landing zone."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources.registry import find_source
from pipelines.sources.replay import ReplayReport, replay
from platform_core.landing import segments

CLOSED_ON = date(2026, 11, 21)


@dataclass(frozen=True)
class Landed:
    """A replay's report and all lines that the source has landed so far."""

    report: ReplayReport
    lines: list[bytes]

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    @property
    def ids(self) -> list[str]:
        return [event["id"] for event in self.events]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]


Land = Callable[..., Landed]


def _land_in(folder: Path) -> Land:
    def landed(source: str, export: bytes | str, *, name: str = "export.csv") -> Landed:
        path = folder / name
        path.write_bytes(export.encode() if isinstance(export, str) else export)
        report = replay(find_source(source), path, folder / "landing", closed_on=CLOSED_ON)
        found = segments(folder / "landing", source)
        return Landed(report, [line for s in found for line in s.read().split(b"\n")[:-1]])

    return landed


@pytest.fixture
def land(tmp_path: Path) -> Land:
    """Replay an export given as bytes or text and return what has landed."""
    return _land_in(tmp_path)


@pytest.fixture
def land_anew(tmp_path_factory: pytest.TempPathFactory) -> Land:
    """The same into an empty landing zone each time."""

    def landed(source: str, export: bytes | str) -> Landed:
        return _land_in(tmp_path_factory.mktemp("anew"))(source, export)

    return landed
