"""Ingest to published bronze, beside DuckDB's bare ``read_json`` to Parquet of the same files.

Each measurement is a process of its own; references and ingest take turns, so that both see the
same weather on a shared machine. Prints medians and the ratio to the bare load.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

SEGMENT_EVENTS = 500_000
SOURCE = "bench"
FIRST_EVENT = "2026-01-01"
EVENTS_A_DAY = 1_000_000

TYPED = """{specversion: 'VARCHAR', id: 'VARCHAR', source: 'VARCHAR', type: 'VARCHAR',
time: 'TIMESTAMP', dataschema: 'VARCHAR', actorid: 'VARCHAR', deviceid: 'VARCHAR',
sessionid: 'VARCHAR', ip: 'VARCHAR', useragent: 'VARCHAR', data: 'JSON'}"""


@dataclass(frozen=True)
class Measured:
    """One run of one way to load the files."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--events", type=int, default=3_000_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--child", nargs=2, metavar=("WAY", "HOME"), help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        way, home = options.child
        WAYS[way](Path(home))
        return
    with tempfile.TemporaryDirectory(prefix="meadow-bench-") as folder:
        home = Path(folder)
        size = write_segments(home / "landing", options.events)
        print(f"{options.events:,} events, {size / 1e6:,.0f} MB of JSON lines, {options.runs} runs")
        measured: dict[str, list[Measured]] = {way: [] for way in WAYS}
        for _ in range(options.runs):
            for way in WAYS:
                measured[way].append(measure(way, home))
        report(measured, options.events)


def write_segments(landing: Path, events: int) -> int:
    """Land ``events`` events in time order, as a platform's collector would. Returns bytes."""
    folder = landing / SOURCE / datetime.now(UTC).date().isoformat()
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for number, (first, end) in enumerate(_slices(events), start=1):
            path = folder / f"{number:06d}.jsonl"
            connection.execute(f"COPY ({_events(first, end)}) TO '{path}' (FORMAT json)")
    return sum(path.stat().st_size for path in folder.iterdir())


def _slices(events: int) -> Iterator[tuple[int, int]]:
    for first in range(0, events, SEGMENT_EVENTS):
        yield first, min(first + SEGMENT_EVENTS, events)


def _events(first: int, end: int) -> str:
    """Seven product views and a cart to two ad clicks, by half a million people."""
    step_us = 86_400_000_000 // EVENTS_A_DAY
    return f"""
    SELECT
      '1.0' AS specversion, 'event-' || i AS id, '{SOURCE}' AS source, type,
      strftime(
        TIMESTAMP '{FIRST_EVENT}' + to_microseconds(i * {step_us}), '%Y-%m-%dT%H:%M:%S.%fZ'
      ) AS time,
      type || '/1' AS dataschema, 'user-' || hash(i) % 500000 AS actorid,
      'session-' || hash(i) % 900000 AS sessionid,
      hash(i) % 223 || '.12.' || i % 200 || '.' || i % 250 AS ip,
      'Mozilla/5.0 (Linux; Android 14)' AS useragent,
      CASE
        WHEN type = 'ad.clicked' THEN json_object(
          'campaign_id', 'campaign-' || i % 50, 'brand_id', 'brand-' || i % 9, 'placement', 'feed',
          'device_model', 'model-' || i % 300, 'os', 'os-' || i % 7)
        ELSE json_object(
          'product_id', 'product-' || i % 20000, 'brand_id', 'brand-' || i % 900,
          'price_minor', i % 100000, 'currency', 'CNY')
      END AS data
    FROM (
      SELECT i, CASE
        WHEN i % 10 < 7 THEN 'product.viewed' WHEN i % 10 < 9 THEN 'ad.clicked' ELSE 'cart.added'
      END AS type
      FROM range({first}, {end}) AS numbers(i)
    )"""


def bare(home: Path) -> None:
    """What DuckDB does by itself, types inferred."""
    _bare(home, "")


def bare_typed(home: Path) -> None:
    """What DuckDB does by itself, told the envelope's types."""
    _bare(home, f", columns = {TYPED}")


def _bare(home: Path, options: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute(
            f"COPY (SELECT * FROM read_json('{home}/landing/*/*/*.jsonl', "
            f"format = 'newline_delimited'{options})) TO '{home}/bare.parquet' (FORMAT parquet)"
        )


def ingest(home: Path) -> None:
    """What Meadow does: checked, pseudonymised, deduplicated, published."""
    own = home / f"home-{os.getpid()}"
    own.mkdir()
    (own / "landing").symlink_to(home / "landing")
    os.environ["MEADOW_HOME"] = str(own)
    from pipelines.defs.house import open_house

    reports = open_house().ingest().all_sources()
    print(reports[SOURCE].accepted)


WAYS = {"bare": bare, "bare, typed": bare_typed, "ingest": ingest}


def measure(way: str, home: Path) -> Measured:
    """Run one way in a process of its own."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, __file__, "--child", way, str(home)], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{way}: ended with status {status}")
    return Measured(
        time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
    )


def report(measured: dict[str, list[Measured]], events: int) -> None:
    """Print medians, and each run's ratio to the bare load of the same turn."""
    heads = ("seconds", "CPU s", "events/s", "peak MiB", "x bare", "x CPU")
    widths = (9, 8, 12, 10, 8, 7)
    print(" " * 14 + "".join(h.rjust(w) for h, w in zip(heads, widths, strict=True)))
    for way, runs in measured.items():
        seconds = statistics.median(r.seconds for r in runs)
        cpu = statistics.median(r.cpu_seconds for r in runs)
        pairs = list(zip(runs, measured["bare"], strict=True))
        slower = statistics.median(r.seconds / b.seconds for r, b in pairs)
        dearer = statistics.median(r.cpu_seconds / b.cpu_seconds for r, b in pairs)
        peak = max(r.peak_bytes for r in runs) / (1 << 20)
        print(
            f"{way:14}{seconds:9.2f}{cpu:8.2f}{events / seconds:12,.0f}{peak:10,.0f}"
            f"{slower:8.2f}{dearer:7.2f}"
        )


if __name__ == "__main__":
    main()
