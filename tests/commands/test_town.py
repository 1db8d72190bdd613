"""A town from the command line: it lives, the batch takes it in, and nobody reads its truth."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.defs.house import House
from pipelines.warehouse import release
from pipelines.warehouse.reader import Reader
from platform_core.settings import Settings
from tests.crashes.state import released
from tests.meadow import Command

TOWN = ("simulate", "--days", "3", "--users", "60", "--seed", "3", "--until", "2026-03-08")
SAME = {
    "SELECT count(*) FROM orders": "SELECT count(*) FROM silver.orders",
    "SELECT count(*) FROM orders WHERE paid_at IS NOT NULL": (
        "SELECT count(*) FROM silver.orders WHERE paid_at IS NOT NULL"
    ),
    "SELECT sum(total_minor) FROM orders": "SELECT sum(total_minor) FROM silver.orders",
    "SELECT count(*) FROM ad_clicks": "SELECT count(*) FROM silver.ad_clicks",
    "SELECT count(*) FROM ad_conversions": "SELECT count(*) FROM silver.ad_conversions",
    "SELECT count(*) FROM products": "SELECT count(*) FROM silver.products",
}
"""What the platform's database and the warehouse must both say."""


@pytest.fixture(scope="module")
def home(quick: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Meadow in which a town has lived for three days."""
    home = tmp_path_factory.mktemp("town") / "var"
    said = quick(home, *TOWN, "--report")
    assert (said.status, said.errors) == (0, "")
    assert "visits; landed: " in said.output
    assert "published" in said.output
    return home


@pytest.fixture(scope="module")
def blind(home: Path) -> Path:
    """A copy of it that has lost its truth, with the same keys of pseudonyms."""
    assert House(Settings(home=home, _env_file=None)).keys
    copy = home.with_name("blind")
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("truth"))
    return copy


@pytest.fixture(scope="module")
def house(quick: Command, home: Path, blind: Path) -> House:
    """The town after the batch."""
    assert quick(home, "run").status == 0
    return House(Settings(home=home, _env_file=None))


def test_a_platform_that_was_lived_in_takes_no_second_town(quick: Command, home: Path) -> None:
    said = quick(home, *TOWN)
    assert said.status == 1
    assert "a town needs an empty one" in said.error


def test_a_wrong_campaign_file_is_one_line_with_file_and_field(
    quick: Command, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text("goal: money\n")
    said = quick(tmp_path / "var", *TOWN, "--campaigns", tmp_path / "mine.yaml")
    assert said.status == 1
    assert "mine.yaml: " in said.error


def test_every_event_is_accepted(house: House) -> None:
    assert query(house, "SELECT sum(quarantined) FROM bronze.segments") == 0
    lines = query(house, "SELECT sum(lines) FROM bronze.segments")
    assert lines == query(house, "SELECT count(*) FROM bronze.events") > 1_000


def test_the_warehouse_counts_what_the_platform_has(house: House) -> None:
    with house.platform.connect() as connection:
        platform = {asked: connection.scalar(sa.text(asked)) for asked in SAME}
    assert platform == {asked: query(house, same) for asked, same in SAME.items()}
    assert platform["SELECT count(*) FROM orders"] > 0


def test_without_its_truth_the_same_numbers_come_out(
    quick: Command, blind: Path, house: House
) -> None:
    assert quick(blind, "run").status == 0
    assert released(House(Settings(home=blind, _env_file=None))) == released(house)


def query(house: House, sql: str) -> int:
    newest = release.latest(house.lake.root)
    assert newest is not None
    reader = Reader(house.lake.root, newest, brand_id=None, using=house.settings)
    try:
        return int(reader.query(sql).item())
    finally:
        reader.close()
