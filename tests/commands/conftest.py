"""The real ``meadow`` command, as a user's shell starts it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
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


@pytest.fixture(scope="session")
def command() -> Command:
    """``command(home, "status", "--json", timezone="UTC")``: settings by their names."""

    def run(home: Path, *words: str | Path, **settings: str) -> Said:
        told = {f"MEADOW_{name.upper()}": value for name, value in settings.items()}
        ended = subprocess.run(
            [MEADOW, *words],
            cwd=ROOT,
            env={**os.environ, "MEADOW_HOME": str(home), **told},
            capture_output=True,
            encoding="utf-8",
        )
        assert "Traceback" not in ended.stderr
        return Said(ended.returncode, ended.stdout, ended.stderr)

    return run
