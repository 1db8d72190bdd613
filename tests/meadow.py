"""The ``meadow`` command: as a user's shell starts it, or born in the nursery."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEADOW = Path(sys.executable).with_name("meadow")


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    output: str
    errors: str

    @property
    def error(self) -> str:
        """The one line that an error may take."""
        [line] = self.errors.splitlines()
        return line


Command = Callable[..., Said]
"""``command(home, "status", "--json", timezone="UTC")``: settings by their names."""


def started(home: Path, *words: str | Path, **settings: str) -> Said:
    """Start the command as a user's shell does."""
    ended = subprocess.run(
        [MEADOW, *words],
        cwd=ROOT,
        env={**os.environ, **_environment(home, settings)},
        capture_output=True,
        encoding="utf-8",
    )
    return Said(ended.returncode, ended.stdout, ended.stderr)


def born(nursery: ForkServerContext) -> Command:
    """The same command, which has its imports behind it."""

    def run(home: Path, *words: str | Path, **settings: str) -> Said:
        with tempfile.TemporaryDirectory() as folder:
            spoken = [Path(folder) / "output", Path(folder) / "errors"]
            environment = _environment(home, settings)
            child = nursery.Process(
                target=_live, args=(list(map(str, words)), environment, *spoken)
            )
            child.start()
            child.join()
            status = child.exitcode
            child.close()
            assert status is not None
            return Said(status, *(path.read_text(encoding="utf-8") for path in spoken))

    return run


def _environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    return {"MEADOW_HOME": str(home)} | {f"MEADOW_{n.upper()}": v for n, v in settings.items()}


def _live(words: list[str], environment: Mapping[str, str], output: Path, errors: Path) -> None:
    from pipelines.cli import main

    for number, path in ((1, output), (2, errors)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = [str(MEADOW), *words]
    main()
