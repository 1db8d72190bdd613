"""The status as a few aligned tables for people."""

from collections.abc import Sequence
from typing import Any, Final

from pipelines.defs.status import Status

DRIFT_SHOWN: Final = 10


def as_text(status: Status) -> str:
    """What ``meadow status`` prints."""
    number = f"release {status.release['number']}" if status.release else "no release yet"
    return "\n\n".join(
        [
            f"reports in {status.timezone}; {number}; {_books(status.books)}",
            _table(
                "source",
                status.sources,
                ("landed", "accepted", "duplicates", "quarantined", "waiting_segments"),
            ),
            _table("table", status.tables, ("version", "rows", "newest_partition")),
            drift_text(status.drift),
            churn_text(status.churn),
            _table("run_id", status.runs, ("job", "status", "started_at", "ended_at")),
        ]
    )


def _books(books: dict[str, Any] | None) -> str:
    if books is None:
        return "not yet compared with the platform"
    said = "agrees with" if books["agree"] else "DIFFERS from"
    shown = "".join(f"\n  {line}" for line in [*books["differences"], *books["quarantined"]])
    return f"{said} the platform up to segment {books['up_to_segment']}{shown}"


def drift_text(drift: list[dict[str, Any]]) -> str:
    if not drift:
        return "large drift: none"
    rows = [{**row, "large drift": row["name"]} for row in drift[:DRIFT_SHOWN]]
    shown = _table("large drift", rows, ("subject", "measure", "event_date", "psi", "deviations"))
    more = len(drift) - len(rows)
    return f"{shown}\n{more} more: see risk.drift_daily" if more else shown


def churn_text(churn: list[dict[str, Any]]) -> str:
    if not churn:
        return "turned verdicts: none"
    key = f"turned by release {churn[0]['release']}"
    rows = [{**row, key: row["verdicts_of"]} for row in churn]
    return _table(key, rows, ("turned", "verdicts", "from_day", "to_day"))


def _table(key: str, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    if not rows:
        return f"{key}: none yet"
    cells = [[key, *columns], *([_cell(row[c]) for c in (key, *columns)] for row in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(cells[0]))]
    return "\n".join("  ".join(_aligned(row, widths)) for row in cells)


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    """The first cell to the left, the others to the right."""
    rest = zip(row[1:], widths[1:], strict=True)
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in rest)]


def _cell(value: Any) -> str:
    match value:
        case int():
            return f"{value:,}"
        case float():
            return f"{value:.2f}"
        case _:
            return str(value if value is not None else "-")
