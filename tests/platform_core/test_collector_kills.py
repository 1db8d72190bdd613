"""The power fails while the collector takes events, or the relay sends them: nothing is lost."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from socket import socket
from threading import Timer
from typing import Any

import httpx
import pytest

import platform_core
from pipelines.defs.house import House
from platform_core.collector.journal import Journal, recover
from platform_core.collector.keys import issue_key
from platform_core.contract.events.behaviour import TopicViewed
from platform_core.landing import segments
from platform_core.outbox import pending, relay
from platform_core.work import begin
from tests.platform_core.collecting import NOW, App, listening, read

ROOT = Path(platform_core.__file__).parents[1]
KILLS = 4
BATCH_EVENTS = 50
RELAYED = 5_000

COLLECT = """
import socket, sys
from datetime import UTC, datetime
from pathlib import Path
import uvicorn
from platform_core.collector.http import create_app
from platform_core.database import connect
from platform_core.settings import Settings

settings = Settings(home=Path(sys.argv[1]), collector_segment_seconds=0.2, _env_file=None)
clock = lambda: datetime(2026, 8, 31, 8, tzinfo=UTC)
app = create_app(connect(settings.platform_url), settings, clock=clock)
listener = socket.socket(fileno=int(sys.argv[2]))
uvicorn.Server(uvicorn.Config(app, ws="none", log_config=None)).run(sockets=[listener])
"""

RELAY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from platform_core.database import connect
from platform_core.outbox import relay, segments

segments.SEGMENT_EVENTS = 20
engine = connect(sys.argv[1])
print("ready", flush=True)
relay(engine, Path(sys.argv[2]), now=datetime(2026, 8, 31, 8, tzinfo=UTC))
"""


@contextmanager
def collector(
    house: House, listener: socket, crash_at: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """A collector in a process of its own, behind a port that outlives it."""
    child = subprocess.Popen(
        [sys.executable, "-c", COLLECT, str(house.settings.home), str(listener.fileno())],
        cwd=ROOT,
        env=os.environ | {"MEADOW_CRASH_AT": crash_at},
        pass_fds=[listener.fileno()],
    )
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


@pytest.fixture
def port() -> Iterator[socket]:
    with listening() as listener:
        yield listener


@pytest.fixture
def shop(meadow: House, port: socket) -> Iterator[App]:
    address = f"http://127.0.0.1:{port.getsockname()[1]}"
    with App(address, issue_key(meadow.platform, "shop", NOW)) as sender:
        sender.http.timeout = httpx.Timeout(10)
        yield sender


def landed(house: House) -> Counter[str]:
    """How often the id of each event stands in the landing zone."""
    closed = segments(house.settings.landing, "shop")
    return Counter(json.loads(line)["id"] for s in closed for line in s.read().splitlines())


def counted_once(house: House) -> int:
    """Events that the warehouse has after ingest, copies left out; no line is broken."""
    report = house.ingest().all_sources()["shop"]
    assert report.quarantined == 0
    return report.accepted


@pytest.mark.parametrize("boundary", ["collector.batch_written", "collector.batch_synced"])
def test_a_batch_that_nobody_answered_for_may_be_sent_again(
    boundary: str, meadow: House, port: socket, shop: App
) -> None:
    with collector(meadow, port, f"{boundary}:2") as dying:
        assert shop.send(read("e1"), read("e2")).status_code == 202
        with pytest.raises(httpx.TransportError):
            shop.send(read("e3"))
        assert dying.wait() == -signal.SIGKILL
    with collector(meadow, port):
        assert shop.send(read("e3")).status_code == 202
    assert landed(meadow) == {"e1": 1, "e2": 1, "e3": 2}
    assert counted_once(meadow) == 3


def test_a_segment_that_was_just_closed_is_not_closed_again(
    meadow: House, port: socket, shop: App
) -> None:
    with collector(meadow, port, "landing.segment_closed") as dying:
        assert shop.send(read("e1")).status_code == 202
        assert dying.wait() == -signal.SIGKILL
    with collector(meadow, port):
        assert shop.send(read("e2")).status_code == 202
    assert landed(meadow) == {"e1": 1, "e2": 1}


def test_a_collector_killed_at_any_time_keeps_what_it_answered_for(
    meadow: House, port: socket, shop: App
) -> None:
    random, number, unanswered = Random(7), 0, set()
    for _ in range(KILLS):
        with collector(meadow, port) as dying:
            shop.send()  # it is up
            Timer(random.uniform(0, 0.5), dying.kill).start()
            try:
                while dying.poll() is None:
                    shop.send(*events(number)).raise_for_status()
                    number += 1
            except httpx.TransportError:
                unanswered.add(number)
    with collector(meadow, port):
        shop.send(*events(number)).raise_for_status()

    sent = {event["id"]: n for n in range(number + 1) for event in events(n)}
    found = landed(meadow)
    assert found.keys() == sent.keys()
    assert {sent[id_] for id_, times in found.items() if times > 1} <= unanswered
    assert counted_once(meadow) == len(sent)


def events(number: int) -> list[dict[str, Any]]:
    """The batch of this number."""
    return [read(f"e{number}.{place}") for place in range(BATCH_EVENTS)]


def test_a_journal_that_was_cut_is_closed_without_its_last_line(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".journal-1").write_bytes(b"whole\ncu")
    (folder / ".journal-2").write_bytes(b"cut")
    (folder / ".journal-3").write_bytes(b"")
    assert recover(tmp_path, NOW.date()) == 3
    [segment] = segments(tmp_path, "shop")
    assert segment.read() == b"whole\n"
    assert recover(tmp_path, NOW.date()) == 0


def test_the_journal_of_a_collector_that_lives_is_left_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "shop")
    journal.append(b"e1\n")
    assert recover(tmp_path, NOW.date()) == 0
    journal.append(b"e2\n")
    journal.close(NOW.date())
    [segment] = segments(tmp_path, "shop")
    assert segment.read() == b"e1\ne2\n"


def test_what_many_threads_append_is_all_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "shop")
    lines = [b"%d\n" % number for number in range(500)]
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(journal.append, lines))
    journal.close(NOW.date())
    [segment] = segments(tmp_path, "shop")
    assert sorted(segment.read().splitlines(keepends=True)) == sorted(lines)


def test_a_relay_killed_at_any_time_is_finished_by_the_next(meadow: House) -> None:
    random, landing = Random(7), meadow.settings.landing
    with begin(meadow.platform, now=NOW) as work:
        told = {work.tell(TopicViewed(topic="skincare")) for _ in range(RELAYED)}
    for _ in range(KILLS):
        with relaying(meadow) as dying:
            Timer(random.uniform(0, 0.3), dying.kill).start()
            dying.wait()
    relay(meadow.platform, landing, now=NOW)
    lines = [line for s in segments(landing, "platform") for line in s.read().splitlines()]
    assert Counter(json.loads(line)["id"] for line in lines) == Counter(told)
    assert pending(meadow.platform) == 0


@contextmanager
def relaying(house: House) -> Iterator[subprocess.Popen[bytes]]:
    """A relay in a process of its own that is about to begin."""
    command = [sys.executable, "-c", RELAY, house.settings.platform_url]
    child = subprocess.Popen(
        [*command, str(house.settings.landing)], cwd=ROOT, stdout=subprocess.PIPE
    )
    with child:
        assert child.stdout
        child.stdout.readline()
        yield child
