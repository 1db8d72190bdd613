"""A measurement is a process of its own: what it took is what the system says of that process."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CHILD: Final = "--child"


@dataclass(frozen=True)
class Measured:
    """One process: its time, what it took of the machine, and what it printed as JSON."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    told: Any

    @property
    def peak_mebibytes(self) -> float:
        return self.peak_bytes / (1 << 20)


def measure(script: str, *arguments: str | Path) -> Measured:
    """Run ``script --child arguments`` and wait; its last line of output is JSON.

    Raises:
        SystemExit: it failed.
    """
    command = [sys.executable, script, CHILD, *map(str, arguments)]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(map(str, arguments))}: ended with status {status}")
    return Measured(
        seconds=time.monotonic() - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
        told=json.loads(printed.strip().rpartition("\n")[2]),
    )


def bench_folder() -> Path:
    """Where simulated towns are kept and lakes are made for the time of a measurement."""
    from platform_core.settings import settings

    folder = settings().home.resolve() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def tell(result: Any) -> None:
    """What a measured process has to say to the one that measures it."""
    print(json.dumps(result))
