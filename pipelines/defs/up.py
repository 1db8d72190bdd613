"""The servers, started together and stopped together: Dagster's daemon and UI, the dashboards."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.error import URLError

from pipelines.defs.launch import ROOT, dagster_environment
from platform_core.settings import Settings

STARTING_SECONDS: Final = 120
STOPPING_SECONDS: Final = 20
POLL_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Server:
    """A server: how to start it and the address that answers when it is ready."""

    name: str
    command: tuple[str, ...]
    address: str
    health: str


def servers(settings: Settings) -> list[Server]:
    """The servers of this Meadow."""
    dagster = f"http://{settings.host}:{settings.dagster_port}"
    pages = f"http://{settings.host}:{settings.dashboard_port}"
    return [
        Server(
            "dashboards",
            (
                *(sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboards" / "asgi.py")),
                *("--server.address", settings.host),
                *("--server.port", str(settings.dashboard_port)),
            ),
            pages,
            f"{pages}/_stcore/health",
        ),
        Server(
            "dagster",
            (
                *(sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions"),
                *("-h", settings.host, "-p", str(settings.dagster_port)),
            ),
            dagster,
            f"{dagster}/server_info",
        ),
    ]


def up(settings: Settings) -> int:
    """Run all servers until one ends or a signal comes. Returns the exit status."""
    environment = {**os.environ, **dagster_environment(settings), "PYTHONPATH": str(ROOT)}
    environment["MEADOW_HOME"] = str(settings.home.resolve())
    signal.signal(signal.SIGTERM, _interrupt)
    processes: dict[Server, subprocess.Popen[bytes]] = {}
    try:
        for server in servers(settings):
            processes[server] = _start(server, environment)
        for server, process in processes.items():
            _await(server, process)
            print(f"{server.name}: {server.address}", flush=True)
        print("ready; Ctrl-C stops everything", flush=True)
        while all(process.poll() is None for process in processes.values()):
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes.values():
            _stop(process)
    ended = [s.name for s, p in processes.items() if p.returncode not in (0, -signal.SIGINT)]
    print(f"meadow: {', '.join(ended)} ended; all servers are stopped", file=sys.stderr)
    return 1


def _start(server: Server, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        server.command, env=environment, cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL
    )


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while not _answers(server.health):
        if process.poll() is not None:
            raise SystemExit(f"meadow: {server.name} ended as it started; see its messages above")
        if time.monotonic() > deadline:
            raise SystemExit(f"meadow: {server.name} does not answer at {server.health}")
        time.sleep(POLL_SECONDS)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server with everything it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
