"""Spark's own servers as processes on loopback, started from the Python package and ended here."""

import os
import queue
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Final

LOOPBACK: Final = "127.0.0.1"
PATIENCE_SECONDS: Final = 300
"""For a server's next word: a machine may be busy, but not for ever."""

LOOK_EVERY_SECONDS: Final = 0.002
SMALL: Final = """
spark.driver.memory 1g
spark.executor.memory 600m
spark.sql.shuffle.partitions 4
spark.ui.enabled false
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
"""
"""Rows are few: what compiles code for many would take the most of the time."""


def spark_home() -> Path:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


class Server:
    """A process of Spark's; its log is read as it is written."""

    def __init__(self, *command: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [str(spark_home() / "bin" / command[0]), *command[1:]],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=environment(folder),
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def said(self, pattern: str) -> str:
        """Wait until the server says it; gives the pattern's first group."""
        while True:
            line = self._lines.get(timeout=PATIENCE_SECONDS)
            if found := re.search(pattern, line):
                return found[1]

    def children(self) -> list[int]:
        """The processes that the server has started: a worker's executors."""
        known = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
        return [pid for pid in known if self._is_parent(pid)]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self._listener.join()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as log:
            for line in log:
                self._lines.put(line)

    def _is_parent(self, pid: int) -> bool:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        return int(stat.rpartition(")")[2].split()[1]) == self.process.pid


@dataclass(frozen=True)
class Cluster:
    """A master and its workers, of one core each."""

    address: str
    workers: list[Server]

    def caught_writing(self, batch: subprocess.Popen[str]) -> tuple[Server, Path]:
        """Stop an executor that has a file open and uncommitted; its worker, and that file."""
        while batch.poll() is None:
            for worker in self.workers:
                for executor in worker.children():
                    if file := _held_still(executor):
                        return worker, file
            with suppress(subprocess.TimeoutExpired):
                batch.wait(LOOK_EVERY_SECONDS)
        raise AssertionError(f"the batch ended ({batch.returncode}) before anybody saw it write")


def _held_still(executor: int) -> Path | None:
    """The file that the executor writes; it is stopped then, and goes on if it writes none."""
    if not _open_attempt(executor):
        return None
    os.kill(executor, signal.SIGSTOP)
    if file := _open_attempt(executor):
        return file
    os.kill(executor, signal.SIGCONT)
    return None


def _open_attempt(pid: int) -> Path | None:
    try:
        opened = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return None  # it has closed the file, or ended, just now
    writing = (path for path in opened if path.suffix == ".parquet")
    return next((path for path in writing if "_temporary" in path.parts), None)


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A standalone cluster; whatever it keeps lies in ``folder``."""
    with ExitStack() as running:

        def start(role: str, *arguments: str) -> Server:
            name = f"org.apache.spark.deploy.{role.lower()}.{role}"
            at = ("--host", LOOPBACK, "--port", "0", "--webui-port", "0")
            server = Server("spark-class", name, *at, *arguments, folder=folder)
            running.callback(server.end)
            return server

        address = start("Master").said(r"Starting Spark master at (\S+)")
        size = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / "work"))
        started = [start("Worker", *size, address) for _ in range(workers)]
        for worker in started:
            worker.said(r"(Successfully registered with master)")
        yield Cluster(address, started)


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """A Spark Connect server with a core of its own; gives its address."""
    server = Server(
        "spark-submit",
        *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
        *("--master", "local[1]", "--conf", "spark.connect.grpc.binding.port=0"),
        *("--conf", f"spark.connect.grpc.binding.address={LOOPBACK}", "spark-internal"),
        folder=folder,
    )
    try:
        yield f"sc://{LOOPBACK}:" + server.said(r"Spark Connect server started at: \S*?:(\d+)$")
    finally:
        server.end()


def batch(home: Path, master: str, tables: list[str]) -> subprocess.Popen[str]:
    """Begin a night of these tables on Spark."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.spark.batch", str(home), *tables],
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=environment(home) | {"MEADOW_ENGINE": "spark", "MEADOW_SPARK_MASTER": master},
    )


def environment(folder: Path) -> dict[str, str]:
    """Everything of a small Spark stays on loopback and below ``folder``."""
    settings = folder / "conf"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "spark-defaults.conf").write_text(SMALL)
    return os.environ | {
        "SPARK_HOME": str(spark_home()),
        "SPARK_CONF_DIR": str(settings),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "PYSPARK_PYTHON": sys.executable,
    }
