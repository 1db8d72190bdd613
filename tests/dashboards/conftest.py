"""A platform of its own for each test, and the real app as a process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from platform_core.database import connect

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = connect(f"sqlite:///{tmp_path / 'platform.db'}")
    yield engine
    engine.dispose()


Serve = Callable[[Path], str]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Start the app on a MEADOW_HOME; returns its address. Ended by pid after the session."""
    with ExitStack() as running:
        yield lambda home: running.enter_context(_serving(home))


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    port = _free_port()
    log = home / "dashboards.log"
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/asgi.py"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    environment = {**os.environ, "MEADOW_HOME": str(home)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command + options, cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            _wait_until_healthy(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the app did not start:\n{log.read_text()}")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port
