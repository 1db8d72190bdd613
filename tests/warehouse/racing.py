"""Processes that begin at the same moment, and what they do to one lake."""

import multiprocessing
from collections.abc import Callable, Iterable
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Final

from pipelines.warehouse.lake import Lake
from tests.warehouse.literal_files import ZONE, days, note, staged

START_SECONDS: Final = 60
ROUNDS: Final = 3
ROWS: Final = 5
SHARED_DAY: Final = 1
OWN_DAY: Final = 10


def race(work: Callable[..., None], arguments: Iterable[tuple[Any, ...]]) -> list[int | None]:
    """Run ``work(start, *arguments)`` in a process each; returns their exit codes."""
    spawn = multiprocessing.get_context("spawn")  # deltalake panics in a forked child
    lanes = list(arguments)
    start = spawn.Barrier(len(lanes))
    processes = [spawn.Process(target=work, args=(start, *lane)) for lane in lanes]
    for process in processes:
        process.start()
    for process in processes:
        process.join(START_SECONDS)
    return [process.exitcode for process in processes]


def publish(start: Barrier, root: Path, writer: int) -> None:
    """Replace, in turns, a day that all writers want and a day of this writer's own."""
    lake = Lake(root, ZONE)
    start.wait(START_SECONDS)
    for turn in range(ROUNDS):
        rows = [note(f"w{writer}-{turn}-{n}", reads=writer) for n in range(ROWS)]
        for number in (SHARED_DAY, OWN_DAY + writer):
            lake.publish(staged(lake, {number: rows}, days(number, number)))
