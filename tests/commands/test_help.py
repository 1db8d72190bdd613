"""Help answers at once: nothing heavy is imported for it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.main import get_command

from pipelines.cli import app
from tests.meadow import Command

ROOT = Path(__file__).parents[2]
HEAVY = ("dagster", "duckdb", "polars", "pyarrow", "deltalake", "great_expectations", "sqlalchemy")
HELP = f"""
import sys
from pipelines.cli import app
app(["--help"], standalone_mode=False)
print("heavy:", [name for name in {HEAVY} if name in sys.modules])
"""


def test_help_imports_nothing_heavy() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1] == "heavy: []"
    for name in ("demo", "replay", "ingest", "run", "status", "doctor", "quarantine"):
        assert name in ended.stdout


def test_every_command_says_what_it_does() -> None:
    group: Any = get_command(app)
    silent = [name for name, found in group.commands.items() if not (found.help or "").strip()]
    assert silent == []


def test_the_contract_is_exported_to_the_screen_or_a_file(command: Command, tmp_path: Path) -> None:
    shown = command(tmp_path / "home", "contract", "export")
    written = command(tmp_path / "home", "contract", "export", "--to", tmp_path / "contract.json")
    assert (shown.status, written.status, written.output) == (0, 0, "")
    schema = json.loads(shown.output)
    assert schema == json.loads((tmp_path / "contract.json").read_text())
    assert schema["title"] == "Meadow event contract 1.0"
    assert not (tmp_path / "home").exists()
