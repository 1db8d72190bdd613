"""The page of an evaluation from the command line, of a town of one kind of fraud each."""

from pathlib import Path

import pytest

from tests.meadow import Command

TOWN = ("--seeds", "3", "--users", "40", "--days", "3")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judged") / "var"


@pytest.fixture(scope="module")
def page(quick: Command, home: Path) -> str:
    """What is written of a small town."""
    said = quick(home, "evaluate", "fraud", *TOWN, "--to", home / "docs")
    assert (said.status, said.errors) == (0, "")
    assert "seed-3-users-40-days-3 is ready" in said.output
    return (home / "docs" / "evaluation.md").read_text(encoding="utf-8")


def test_a_page_has_every_part_and_no_machines_paths(page: str, home: Path) -> None:
    for part in (
        *("Controls first", "Overall", "Recall by kind", "Strength and cover", "How soon"),
        *("Rings", "The honest", "Probabilities", "Detectors"),
    ):
        assert f"\n## {part}\n" in page
    assert "`meadow evaluate fraud --seeds 3 --users 40 --days 3`" in page
    assert str(home) not in page
    assert "nan" not in page


def test_pictures_stand_beside_the_page(page: str, home: Path) -> None:
    shown = {line.split("(")[1].rstrip(")") for line in page.splitlines() if line.startswith("![")}
    assert shown
    assert all((home / "docs" / picture).stat().st_size > 1_000 for picture in shown)


def test_a_town_that_was_made_is_judged_again_without_living_again(
    quick: Command, page: str, home: Path
) -> None:
    (town,) = (home / "evaluation" / "towns").iterdir()
    events = town / "truth" / "events.parquet"
    lived_at = events.stat().st_mtime_ns
    said = quick(home, "evaluate", "fraud", *TOWN, "--to", home / "again")
    assert said.status == 0
    assert events.stat().st_mtime_ns == lived_at
    assert (home / "again" / "evaluation.md").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--seeds of towns to simulate"),
        (("--seeds", "one"), "write 201..210, or 3,5,8"),
    ],
)
def test_what_is_asked_amiss_is_told(
    quick: Command, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    said = quick(tmp_path / "var", "evaluate", "fraud", *words)
    assert said.status != 0
    assert told in " ".join(said.errors.replace("│", " ").split())


def test_a_home_without_a_batch_is_told_so(quick: Command, tmp_path: Path) -> None:
    said = quick(tmp_path / "var", "evaluate", "fraud", tmp_path / "empty")
    assert said.status == 1
    assert "there is no release yet" in said.error
