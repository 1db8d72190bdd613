"""The whole loop on real servers: a reviewer's decision in the browser restates a brand's page.

An ad-click log is replayed and computed; `meadow up` starts the daemon, the Dagster UI and the
dashboards. Nothing but the sensors moves the decision from the console to the brand's numbers.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from dashboards.definitions import label
from dashboards.strings import speaker
from pipelines.defs.house import House, utc_now
from platform_core.access import create_account
from platform_core.settings import Settings
from tests.dashboards.browsing import chromium, draft, expect_metric, press, reader, sign_in
from tests.meadow import MEADOW, ROOT, born

PASSWORD = "grass on the meadow"
SAY = speaker("zh")
HEADER = "ip,app,device,os,channel,click_time,attributed_time,is_attributed\n"
LOOP_SECONDS = 150
RELOAD_SECONDS = 5


def click(ip: int, time_: str, installed: str = "") -> str:
    return f"{ip},app1,1,13,497,2026-08-30 {time_},{installed},{int(bool(installed))}\n"


CLICKS = (
    HEADER
    + "".join(click(n, f"02:{n:02d}:00") for n in range(40))
    + click(7, "03:00:00", installed="2026-08-30 05:00:00")
    + click(99, "04:00:00")
    + click(99, "04:03:20")
    + click(99, "04:13:20")  # 600 seconds after the one before: still a repeat
    + click(99, "04:23:21")  # 601 seconds: not one
)
GROSS, REPEATS = 45, 2


@dataclass(frozen=True)
class Site:
    """A running Meadow."""

    home: House
    address: str


@pytest.fixture(scope="module")
def site(nursery: ForkServerContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("loop")
    pages, dagster = _free_port(), _free_port()
    environment = {
        **os.environ,
        "MEADOW_HOME": str(home / "var"),
        "MEADOW_DASHBOARD_PORT": str(pages),
        "MEADOW_DAGSTER_PORT": str(dagster),
    }
    export = home / "clicks.csv"
    export.write_text(CLICKS)
    for words in (["replay", "talkingdata", str(export)], ["run"]):
        assert born(nursery)(home / "var", *words).status == 0
    house = House(Settings(home=home / "var", _env_file=None))
    create_account(house.platform, "brand", PASSWORD, "brand", ("talkingdata",), now=utc_now())
    create_account(house.platform, "rita", PASSWORD, "reviewer", now=utc_now())
    log = home / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [MEADOW, "up"], env=environment, cwd=ROOT, stdout=output, stderr=output
        )
        try:
            _wait_until_ready(process, log)
            yield Site(house, f"http://127.0.0.1:{pages}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            house.platform.dispose()
    assert not _listens(pages)
    assert not _listens(dagster)


def test_a_confirmed_case_takes_its_clicks_from_net_and_leaves_gross(site: Site) -> None:
    clicks = label("ad_clicks", "zh")
    net, gross = SAY("net_of", metric=clicks), SAY("gross_of", metric=clicks)
    with chromium() as browser, reader(browser) as brand, reader(browser) as console:
        sign_in(brand, site.address, "brand", PASSWORD)
        expect_metric(brand, net, str(GROSS))
        expect_metric(brand, gross, str(GROSS))
        expect_metric(brand, SAY("pending_of", metric=clicks), str(REPEATS))

        sign_in(console, site.address, "rita", PASSWORD)
        press(console, SAY("queue.next"))
        draft(console, "confirmed", "异常重复点击")
        press(console, SAY("decide.write"))
        expect(console.get_by_text(SAY("decided.done"))).to_be_visible()

        _reload_until_metric(brand, net, str(GROSS - REPEATS))
        expect_metric(brand, gross, str(GROSS))
        expect_metric(brand, SAY("pending_of", metric=clicks), "0")
        notice = brand.get_by_test_id("stExpander")
        expect(notice).to_contain_text(
            f"{GROSS} → {GROSS - REPEATS}（{SAY('cause.review_decision')}）"
        )


def _reload_until_metric(page: Page, name: str, value: str) -> None:
    """A brand manager who presses reload until the number has changed."""
    deadline = time.monotonic() + LOOP_SECONDS
    cards = page.get_by_test_id("stMetric")
    card = cards.filter(has=page.get_by_test_id("stMetricLabel").get_by_text(name, exact=True))
    shown = card.get_by_test_id("stMetricValue").get_by_text(value, exact=True)
    while time.monotonic() < deadline:
        page.reload()
        try:
            shown.wait_for(timeout=RELOAD_SECONDS * 1000)
        except TimeoutError:
            continue
        return
    raise AssertionError(f"{name} did not become {value} within {LOOP_SECONDS} s")


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    while "ready;" not in log.read_text():
        if process.poll() is not None:
            raise AssertionError(f"meadow up ended:\n{log.read_text()}")
        time.sleep(0.2)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
