"""An error that Meadow knows is one line that says what, where and what to do."""

from pathlib import Path

import pytest

from tests.meadow import Command


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("replay", "ress46", "x.csv"),
            "unknown source 'ress46' (did you mean 'rees46'?); known: rees46, talkingdata",
        ),
        (("replay", "rees46", "missing.csv"), "missing.csv: there is no such file"),
        (("quarantine", "replay", "missing.jsonl"), "missing.jsonl: not a readable file"),
        (
            ("run", "--from", "2026-10-05", "--to", "2026-10-01"),
            "window 2026-10-05..2026-10-01 is empty",
        ),
        (("demo", "--no-serve", "--source", "rees46"), "SOURCE and DATA go together"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_a_wrong_argument_is_one_line(
    command: Command, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    said = command(tmp_path, *words)
    assert said.status == 1
    assert said.error.startswith("meadow: ")
    assert message in said.error


def test_a_lake_keeps_its_time_zone(command: Command, tmp_path: Path) -> None:
    assert command(tmp_path, "ingest", timezone="Asia/Shanghai").status == 0
    said = command(tmp_path, "ingest", timezone="UTC")
    assert said.status == 1
    assert "this lake reports in Asia/Shanghai, not in UTC" in said.error
    assert "set MEADOW_TIMEZONE=Asia/Shanghai, or begin another lake" in said.error


def test_a_wrong_setting_is_named(command: Command, tmp_path: Path) -> None:
    said = command(tmp_path, "relay", threads="many")
    assert said.status == 1
    assert said.error.startswith("meadow: MEADOW_THREADS: ")


def test_one_end_of_a_range_is_not_enough(command: Command, tmp_path: Path) -> None:
    said = command(tmp_path, "run", "--from", "2026-10-05")
    assert said.status == 2
    assert "--from and --to go together" in said.errors
