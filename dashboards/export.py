"""CSV as a spreadsheet opens it safely: utf-8 with a mark, and no cell that runs as a formula."""

import csv
import io
from collections.abc import Sequence
from typing import Final

import polars as pl

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP: CSV injection


def to_csv(rows: pl.DataFrame, headings: Sequence[str]) -> bytes:
    """The rows under the headings as ``utf-8-sig`` with CRLF line ends (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_safe(heading) for heading in headings])
    writer.writerows([_safe(cell) for cell in row] for row in rows.iter_rows())
    return written.getvalue().encode("utf-8-sig")


def _safe(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return "" if cell is None else cell
