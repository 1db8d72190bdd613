"""One brand's rows in one release, cached by release, brand, query and window."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Protocol

import polars as pl
import streamlit as st

from dashboards.periods import Window
from pipelines.warehouse import release as releases
from pipelines.warehouse.reader import Reader
from pipelines.warehouse.release import Release

BASELINE_AGE: Final = timedelta(days=7)


class Rows(Protocol):
    """What the pure functions read from: one brand's rows."""

    def has(self, table: str) -> bool:
        """Whether the release holds the table."""

    def between(self, sql: str, window: Window) -> pl.DataFrame:
        """The rows of a query with ``$first`` and ``$last``."""

    def all(self, sql: str) -> pl.DataFrame:
        """The rows of a query without a window."""


@dataclass(frozen=True)
class BrandRows:
    """``Rows`` of a brand in a release; nobody else's rows can be reached through it."""

    lake: Path
    release: Release
    brand_id: str

    def has(self, table: str) -> bool:
        return table in self.release.tables

    def between(self, sql: str, window: Window) -> pl.DataFrame:
        where = (str(self.lake), self.release.number, self.brand_id)
        return _between(*where, sql, window.first, window.last)

    def all(self, sql: str) -> pl.DataFrame:
        return _all(str(self.lake), self.release.number, self.brand_id, sql)


def baseline(lake: Path, current: Release) -> Release | None:
    """The oldest release of the seven days before the current one; None when it stands alone."""
    for number in sorted(releases.numbers(lake)):
        if number >= current.number:
            return None
        older = _release(str(lake), number)
        if older and older.created_at >= current.created_at - BASELINE_AGE:
            return older
    return None


@st.cache_data(max_entries=64, show_spinner=False)
def _release(lake: str, number: int) -> Release | None:
    return releases.load(Path(lake), number)


@st.cache_resource(max_entries=32, show_spinner=False)
def _reader(lake: str, number: int, brand_id: str) -> Reader:
    root = Path(lake)
    return Reader(root, releases.load(root, number), brand_id=brand_id)


@st.cache_data(max_entries=2_000, max_size="128MB", show_spinner=False)
def _between(
    lake: str, number: int, brand_id: str, sql: str, first: date, last: date
) -> pl.DataFrame:
    return _reader(lake, number, brand_id).query(sql, first=first, last=last)


@st.cache_data(max_entries=500, max_size="16MB", show_spinner=False)
def _all(lake: str, number: int, brand_id: str, sql: str) -> pl.DataFrame:
    return _reader(lake, number, brand_id).query(sql)
