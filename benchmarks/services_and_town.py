"""The platform: behaviour through the collector, orders through the services, memory of a town.

Each measurement is a process of its own. Behaviour stands beside ``json.dumps`` of the same events
into one file, orders beside the bare ORM that inserts an order and marks it paid, and a town of
more days beside one of few. References and measured take turns. Prints medians and ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

EVENTS = 1_000_000
FRAME_EVENTS = 100_000
ORDERS = 2_000
BUYERS = 200
USERS = 300
DAYS = {"7 days": 7, "28 days": 28}
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Measured:
    """One run of one way: what was done, how long it took, and what it took of memory."""

    done: int
    seconds: float
    peak_bytes: int


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--child", nargs=2, metavar=("WAY", "HOME"), help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        way, home = options.child
        print(json.dumps(WAYS[way](Path(home))))
        return
    measured: dict[str, list[Measured]] = {way: [] for way in WAYS}
    for _ in range(options.runs):
        for way in WAYS:
            with tempfile.TemporaryDirectory(prefix="meadow-bench-") as home:
                measured[way].append(measure(way, home))
    report(measured)


def measure(way: str, home: str) -> Measured:
    """Run one way in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--child", way, home], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{way}: ended with status {status}")
    done, seconds = json.loads(printed)
    return Measured(done, seconds, usage.ru_maxrss * 1024)


def report(measured: dict[str, list[Measured]]) -> None:
    """Print medians, and each way's ratio to its reference in the same turn."""
    print(f"{'':24}{'done':>11}{'seconds':>9}{'a second':>11}{'peak MiB':>10}{'x reference':>13}")
    for way, runs in measured.items():
        seconds = statistics.median(r.seconds for r in runs)
        rate = statistics.median(r.done / r.seconds for r in runs)
        peak = statistics.median(r.peak_bytes for r in runs) / (1 << 20)
        print(
            f"{way:24}{runs[0].done:11,}{seconds:9.2f}{rate:11,.0f}{peak:10,.0f}"
            f"{_ratio(way, measured):>13}"
        )


def _ratio(way: str, measured: dict[str, list[Measured]]) -> str:
    """The measured speed, or for towns the memory, beside the reference's."""
    reference = REFERENCES.get(way)
    if reference is None:
        return ""
    pairs = list(zip(measured[way], measured[reference], strict=True))
    if way in DAYS:
        return f"{statistics.median(a.peak_bytes / b.peak_bytes for a, b in pairs):.2f} memory"
    rates = [(a.done / a.seconds) / (b.done / b.seconds) for a, b in pairs]
    return f"{statistics.median(rates):.2f}"


def collector(home: Path) -> tuple[int, float]:
    """Impressions as columns, through the collector into fsynced segments."""
    from platform_core.collector import Collector, encode
    from platform_core.contract.events.behaviour import NoteImpressed

    frames = [_impressions(number) for number in range(EVENTS // FRAME_EVENTS)]
    started = time.perf_counter()
    writer = Collector(home / "landing")
    for frame in frames:
        writer.write(encode(NoteImpressed, frame), TODAY)
    writer.close(TODAY)
    return EVENTS, time.perf_counter() - started


def json_dumps(home: Path) -> tuple[int, float]:
    """The same impressions as dictionaries, through the standard library into one file."""
    frames = [list(_envelopes(number)) for number in range(EVENTS // FRAME_EVENTS)]
    started = time.perf_counter()
    with (home / "events.jsonl").open("w") as file:
        for events in frames:
            file.writelines(json.dumps(event) + "\n" for event in events)
        file.flush()
        os.fsync(file.fileno())
    return EVENTS, time.perf_counter() - started


def _impressions(number: int) -> Any:
    import polars as pl

    row = pl.int_range(number * FRAME_EVENTS, (number + 1) * FRAME_EVENTS, eager=True)
    return pl.DataFrame({"row": row}).select(
        event_id=pl.format("event_{}", "row"),
        occurred_at=pl.lit(NOW).dt.cast_time_unit("us") + pl.duration(milliseconds=pl.col("row")),
        actor_id=pl.format("user_{}", pl.col("row") % 5_000),
        device_id=pl.format("device_{}", pl.col("row") % 5_000),
        session_id=pl.format("session_{}", pl.col("row") // 40),
        ip=pl.format("10.0.{}.{}", pl.col("row") % 200, pl.col("row") % 250),
        user_agent=pl.lit("Mozilla/5.0 (Linux; Android 14) Mobile"),
        note_id=pl.format("note_{}", pl.col("row") % 3_000),
        request_id=pl.format("request_{}", pl.col("row") // 10),
        surface=pl.lit("feed"),
        position=pl.col("row") % 10 + 1,
    )


def _envelopes(number: int) -> Iterator[dict[str, Any]]:
    data = ("note_id", "request_id", "surface", "position")
    for row in _impressions(number).iter_rows(named=True):
        yield {
            "specversion": "1.0",
            "id": row["event_id"],
            "source": "app",
            "type": "note.impressed",
            "time": row["occurred_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "dataschema": "note.impressed/1",
            "data": {name: row[name] for name in data},
            "actorid": row["actor_id"],
            "deviceid": row["device_id"],
            "sessionid": row["session_id"],
            "ip": row["ip"],
            "useragent": row["user_agent"],
        }


def services(home: Path) -> tuple[int, float]:
    """Orders placed and paid through the services: three transactions each, every event told."""
    from platform_core import brands, catalog, commerce, users
    from platform_core.database import connect
    from platform_core.outbox import NOBODY, Origin
    from platform_core.work import begin

    engine = connect(f"sqlite:///{home / 'platform.db'}")
    with begin(engine, now=NOW) as work:
        brand = brands.apply(work, name="Meadow", category="skincare", by=NOBODY)
        brands.verify(work, brand, by=NOBODY)
        shop = brands.open_shop(work, brand, name="Meadow", by=NOBODY)
        facts = {"name": "Cream", "price_minor": 9_900, "by": NOBODY}
        product = catalog.list_product(work, shop, category="skincare", **facts)
        sku = catalog.add_sku(work, product, **facts)
        catalog.receive(work, sku, ORDERS)
        buyers = [users.sign_up(work, by=NOBODY) for _ in range(BUYERS)]
    provider = commerce.EmbeddedProvider()
    started = time.perf_counter()
    for number in range(ORDERS):
        now = NOW + timedelta(seconds=number)
        buyer = buyers[number % BUYERS]
        by = Origin(buyer, "device_1", "session_1", "10.0.0.1", "Mozilla/5.0")
        with begin(engine, now=now) as work:
            line = commerce.Line(sku, 1)
            order = commerce.place_order(work, buyer, [line], ship_to="上海", by=by)
        commerce.pay(engine, order.order_id, "card_1", provider, now=now, by=by)
    return ORDERS, time.perf_counter() - started


def bare_orm(home: Path) -> tuple[int, float]:
    """Orders without any rule: the ORM inserts one, then marks it paid and inserts a payment."""
    import sqlalchemy as sa
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

    class Base(DeclarativeBase):
        pass

    class Order(Base):
        __tablename__ = "orders"
        order_id: Mapped[str] = mapped_column(primary_key=True)
        user_id: Mapped[str]
        total_minor: Mapped[int]
        status: Mapped[str]

    class Payment(Base):
        __tablename__ = "payments"
        payment_id: Mapped[str] = mapped_column(primary_key=True)
        order_id: Mapped[str] = mapped_column(sa.ForeignKey(Order.order_id))
        amount_minor: Mapped[int]

    engine = sa.create_engine(f"sqlite:///{home / 'orm.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    Base.metadata.create_all(engine)
    started = time.perf_counter()
    for number in range(ORDERS):
        order_id = f"order_{number}"
        with Session(engine) as session, session.begin():
            session.add(Order(order_id=order_id, user_id="ann", total_minor=9_900, status="placed"))
        with Session(engine) as session, session.begin():
            order = session.get_one(Order, order_id)
            order.status = "paid"
            payment = Payment(payment_id=f"p{number}", order_id=order_id, amount_minor=9_900)
            session.add(payment)
    return ORDERS, time.perf_counter() - started


def town(days: int) -> Callable[[Path], tuple[int, float]]:
    """A town that lives for so many days; what counts is its events and its memory."""

    def live(home: Path) -> tuple[int, float]:
        from platform_core.database import connect
        from platform_core.simulation.groups.files import load
        from platform_core.simulation.plan import Plan
        from platform_core.simulation.run import simulate

        engine = connect(f"sqlite:///{home / 'platform.db'}")
        plan = Plan(days, USERS, seed=7, until=TODAY, groups=load())
        started = time.perf_counter()
        lived = simulate(engine, home, plan)
        return lived.app_events + lived.platform_events, time.perf_counter() - started

    return live


WAYS: dict[str, Callable[[Path], tuple[int, float]]] = {
    "json.dumps": json_dumps,
    "collector": collector,
    "bare ORM": bare_orm,
    "placed and paid": services,
    **{name: town(days) for name, days in DAYS.items()},
}
REFERENCES = {"collector": "json.dumps", "placed and paid": "bare ORM", "28 days": "7 days"}

if __name__ == "__main__":
    main()
