"""Order concentration over a day's orders: ordinary ones, and of shops that are all suspicious.

Ordinary: shops of falling popularity, buyers at random; one order in a thousand is followed by two
more of its buyer within minutes, as people do. Suspicious: in each shop of 100 orders two buyers
place half of them within two hours. Meadow's time is that of its engine, from Parquet to Parquet,
with the memory and threads that it has. Beside it, on some of the shops, the rule as it reads: each
second at which a window could change is joined with all orders in that window. Both must name the
same orders, with the same counts.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from processes import CHILD, Measured, bench_folder, measure, tell

ORDERS: Final = 10_000_000
AIMS: Final = {"ordinary": 8, "suspicious": 25}
DAY: Final = date(2026, 8, 3)
BEGINS: Final = "TIMESTAMP '2026-08-02 16:00:00'"
SAMPLE: Final = 100
"""The reference is given one shop in so many, if it has at most SMALL orders."""
SMALL: Final = 3000
SETTLED: Final = "order_id, actor_orders, union_orders, union_buyers, suspects"

DRAWN: Final = """
SELECT i, hash('buyer' || i) / 18446744073709551616.0 AS a,
  hash('shop' || i) / 18446744073709551616.0 AS b, hash('time' || i) / 18446744073709551616.0 AS c
FROM range({orders}) AS t(i)
"""
ORDINARY: Final = """
SELECT 'shop:order-' || i || '-' || part AS order_id, floor(a * {orders} / 2) AS buyer,
  floor(b * b * b * {orders} / 100) AS shop, c * 85000 + part * 600 * a AS second
FROM drawn, range(3) AS parts(part)
WHERE i % 1000 > 2 AND part = 0 OR i % 1000 = 0
"""
SUSPICIOUS: Final = """
SELECT 'shop:order-' || i AS order_id,
  CASE WHEN i % 2 = 0 THEN 1e9 + i // 100 * 2 + floor(a * 2) ELSE i END AS buyer, i // 100 AS shop,
  CASE WHEN i % 2 = 0 THEN (i // 100 * 7919) % 79200 + c * 7200 ELSE c * 86400 END AS second
FROM drawn
"""
KINDS: Final = {"ordinary": ORDINARY, "suspicious": SUSPICIOUS}

WRITTEN: Final = """
COPY (
  WITH drawn AS ({drawn}), made AS ({kind})
  SELECT order_id, DATE '{day}' AS event_date, 'shop-' || CAST(shop AS BIGINT) AS shop_id,
    left(md5(CAST(CAST(buyer AS BIGINT) AS VARCHAR)), 32) AS actor_id,
    {begins} + to_microseconds(CAST(second * 1000000 AS BIGINT)) AS placed_at
  FROM made ORDER BY hash(order_id)
) TO '{file}' (FORMAT parquet, COMPRESSION zstd)
"""

AS_IT_READS: Final = """
WITH orders AS (
  SELECT order_id, shop_id, actor_id, CAST(floor(epoch(placed_at)) AS BIGINT) AS second
  FROM silver.orders
),
starts AS (
  SELECT shop_id, second - 3600 AS start FROM orders
  UNION SELECT shop_id, second + 1 FROM orders
),
suspicious AS (
  SELECT s.shop_id, s.start
  FROM starts AS s
  JOIN orders AS o ON o.shop_id = s.shop_id AND o.second BETWEEN s.start AND s.start + 3600
  GROUP BY ALL
  HAVING count(*) >= 3 * count(DISTINCT o.actor_id)
),
held AS (
  SELECT DISTINCT o.order_id, o.shop_id, o.actor_id
  FROM orders AS o
  JOIN suspicious AS s ON s.shop_id = o.shop_id AND o.second BETWEEN s.start AND s.start + 3600
),
buyers AS (SELECT shop_id, actor_id, count(*) AS actor_orders FROM held GROUP BY ALL),
unions AS (
  SELECT shop_id, sum(actor_orders) AS union_orders, count(*) AS union_buyers,
    max(actor_orders) AS most, count(*) AS buyers
  FROM buyers GROUP BY ALL
),
suspects AS (
  SELECT b.shop_id, b.actor_id, b.actor_orders, u.union_orders, u.union_buyers,
    count(*) OVER (PARTITION BY b.shop_id) AS suspects
  FROM buyers AS b JOIN unions AS u ON u.shop_id = b.shop_id AND u.most = b.actor_orders
)
SELECT order_id, actor_orders, union_orders, union_buyers, suspects
FROM held JOIN suspects USING (shop_id, actor_id)
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--orders", type=int, default=ORDERS)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument(CHILD, nargs="+", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        tell(_child(*options.child))
        return
    print(f"{options.orders:,} orders of one day, {options.runs} runs, medians", flush=True)
    print(
        f"{'':12}{'seconds':>9}{'aim':>6}{'CPU':>8}{'peak MiB':>10}{'rows':>11}"
        f"{'suspicious shops':>20}   on a sample of the shops",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="concentration-", dir=bench_folder()) as folder:
        differing = [line for kind in KINDS for line in _of_kind(kind, Path(folder), options)]
    if any(differing):
        raise SystemExit("the reference names other orders")


def _of_kind(kind: str, folder: Path, options: argparse.Namespace) -> Iterator[int]:
    """Print what a kind of orders took; yields how many rows differ from the reference's."""
    file, sample = folder / f"{kind}.parquet", folder / f"{kind}-sample.parquet"
    measure(__file__, "write", kind, file, sample, str(options.orders))
    turns = [measure(__file__, "meadow", file) for _ in range(options.runs)]
    reference = measure(__file__, "reference", sample).told
    print(_line(kind, turns, reference), flush=True)
    yield reference["differing"]


def _line(kind: str, turns: list[Measured], reference: dict[str, Any]) -> str:
    seconds = statistics.median(turn.told["seconds"] for turn in turns)
    cpu = statistics.median(turn.told["cpu_seconds"] for turn in turns)
    peak = max(turn.peak_mebibytes for turn in turns)
    told = turns[0].told
    return (
        f"{kind:12}{seconds:9.1f}{AIMS[kind]:6}{cpu:8.1f}{peak:10,.0f}{told['rows']:11,}"
        f"{told['shops']:9,} of{told['all_shops']:8,}   {reference['orders']:,} orders: "
        f"Meadow {reference['meadow']:.2f} s, as it reads {reference['seconds']:.2f} s, "
        + (f"{reference['differing']} DIFFER" if reference["differing"] else "equal")
    )


def _child(way: str, *arguments: str) -> Any:
    with tempfile.TemporaryDirectory(dir=bench_folder()) as folder:
        match way:
            case "write":
                return _write(Path(folder), *arguments)
            case "meadow":
                return _meadow(Path(folder), *arguments)
            case _:
                return _compared(Path(folder), *arguments)


def _write(folder: Path, kind: str, file: str, sample: str, orders: str) -> None:
    """A day's orders, and those of some of their shops."""
    with _engine(folder) as connection:
        query = KINDS[kind].format(orders=orders)
        drawn = DRAWN.format(orders=orders)
        connection.execute(
            WRITTEN.format(drawn=drawn, kind=query, day=DAY, begins=BEGINS, file=file)
        )
        connection.execute(
            f"COPY (SELECT * FROM '{file}' WHERE hash(shop_id) % {SAMPLE} = 0 "
            f"QUALIFY count(*) OVER (PARTITION BY shop_id) <= {SMALL}) "
            f"TO '{sample}' (FORMAT parquet)"
        )


def _meadow(folder: Path, file: str) -> dict[str, Any]:
    """Seconds from the orders' file to the rows' file."""
    with _engine(folder, file) as connection:
        seconds, cpu_seconds = _staged(connection, folder)
        ((rows, shops),) = connection.sql(
            "SELECT count(*), count(DISTINCT shop_id) FROM made"
        ).fetchall()
        ((all_shops,),) = connection.sql(
            "SELECT count(DISTINCT shop_id) FROM silver.orders"
        ).fetchall()
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "rows": rows,
        "shops": shops,
        "all_shops": all_shops,
    }


def _compared(folder: Path, file: str) -> dict[str, Any]:
    """The rule as it reads beside Meadow's query, and by how many rows they differ."""
    with _engine(folder, file) as connection:
        seconds, _ = _staged(connection, folder)
        started = time.perf_counter()
        connection.execute(f"CREATE TABLE reference AS {AS_IT_READS}")
        taken = time.perf_counter() - started
        ours, theirs = f"SELECT {SETTLED} FROM made", f"SELECT {SETTLED} FROM reference"
        ((differing,),) = connection.sql(
            f"SELECT count(*) FROM (({ours} EXCEPT ALL {theirs}) "
            f"UNION ALL ({theirs} EXCEPT ALL {ours}))"
        ).fetchall()
        ((orders,),) = connection.sql("SELECT count(*) FROM silver.orders").fetchall()
    return {"meadow": seconds, "seconds": taken, "differing": differing, "orders": orders}


def _engine(folder: Path, file: str = "") -> Any:
    """A connection as Meadow's engine has it, with the file as ``silver.orders``."""
    from pipelines.warehouse.engines.connection import connect
    from platform_core.settings import Settings

    connection = connect(Settings(home=folder, _env_file=None), "Asia/Shanghai")
    if file:
        connection.execute("CREATE SCHEMA silver")
        connection.execute(f"CREATE VIEW silver.orders AS SELECT * FROM read_parquet('{file}')")
    return connection


def _staged(connection: Any, folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds in which the engine computes the table and writes it; the view made."""
    from models.catalog import load_catalog
    from pipelines.warehouse.engines.copying import copy
    from pipelines.warehouse.lake import Window

    model = load_catalog()["risk.order_concentration"]
    started, used = time.perf_counter(), time.process_time()
    files = copy(connection, model.table, model.query(Window(DAY, DAY)), folder)
    taken = time.perf_counter() - started, time.process_time() - used
    names = [str(file.path) for file in files]
    rows = f"read_parquet({names})" if names else f"({model.query(Window(DAY, DAY))})"
    connection.execute(f"CREATE VIEW made AS SELECT * FROM {rows}")
    return taken


if __name__ == "__main__":
    main()
