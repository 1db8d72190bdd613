"""Every command works on an empty home, in whatever order somebody tries them."""

import json
from pathlib import Path

from tests.meadow import Command

COMMANDS = (
    ("status",),
    ("quarantine", "list"),
    ("quarantine", "list", "--json"),
    ("relay",),
    ("ingest",),
    ("run",),
)


def test_every_command_works_on_an_empty_home(command: Command, tmp_path: Path) -> None:
    for words in COMMANDS:
        said = command(tmp_path / "home", *words)
        assert (words, said.status, said.errors) == (words, 0, "")
    state = json.loads(command(tmp_path / "home", "status", "--json").output)
    assert {source["landed"] for source in state["sources"]} == {0}
    assert {table["rows"] for table in state["tables"]} == {0}
