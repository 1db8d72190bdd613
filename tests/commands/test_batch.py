"""From an export to released tables, command by command, on one small Meadow."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.defs.house import House
from pipelines.defs.status import status
from platform_core.feed import published_recommendations
from platform_core.settings import Settings
from tests.crashes.state import released
from tests.ingest.reading import rows
from tests.meadow import Command, Said

EXPORT = """\
event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session
2026-08-29 10:00:00 UTC,view,p1,1,,aqua,10.00,u1,s1
2026-08-29 10:05:00 UTC,purchase,p1,1,,aqua,10.00,u1,s1
2026-08-30 15:59:59 UTC,view,p1,1,,aqua,10.00,u2,s2
2026-08-30 16:00:00 UTC,view,p2,1,,,5.00,u2,s2
2026-08-30 10:00:00 UTC,view,p1,1,,aqua,ten,u3,s3
"""
DAILY = """
SELECT CAST(event_date AS VARCHAR) AS day, brand_id, product_views, orders, gmv_minor
FROM gold.brand_daily ORDER BY day, brand_id
"""


@dataclass(frozen=True)
class Story:
    """What each command said, the state after each run, and the home they all had."""

    home: Path
    said: dict[str, Said]
    states: dict[str, dict[str, Any]]
    rows: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def story(quick: Command, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Replay, ingest, run three times."""
    home = tmp_path_factory.mktemp("batch")
    (home / "shop.csv").write_text(EXPORT)
    told = Story(home, {}, {}, {})

    def do(name: str, *words: str | Path) -> None:
        told.said[name] = quick(
            home, *words, max_quarantine_rate="0.2", parameters='{"random_sample_a_day": 0}'
        )
        if words[0] == "run":
            told.states[name] = with_house(home, lambda house: asdict(status(house)))
            told.rows[name] = with_house(home, released)

    do("replay", "replay", "rees46", home / "shop.csv")
    do("ingest", "ingest")
    do("first run", "run")
    do("second run", "run")
    do("one day again", "run", "--from", "2026-08-29", "--to", "2026-08-29")
    do("status", "status", "--json")
    return told


def with_house(home: Path, look: Callable[[House], Any]) -> Any:
    house = House(Settings(home=home, _env_file=None))
    try:
        return look(house)
    finally:
        if "platform" in vars(house):
            house.platform.dispose()


def test_every_command_succeeds(story: Story) -> None:
    assert {name: said.status for name, said in story.said.items()} == dict.fromkeys(story.said, 0)


def test_a_run_says_which_release_stands_and_nothing_else(story: Story) -> None:
    assert (story.said["first run"].output, story.said["first run"].errors) == (
        "release 1 stands\n",
        "",
    )


def test_a_replay_says_what_it_landed_and_what_it_could_not_map(story: Story) -> None:
    said = story.said["replay"]
    assert "5 rows became 8 events in 1 segments; 1 rows could not be mapped" in said.output
    assert said.error.strip().startswith(f"{story.home}/shop.csv line 6: price 'ten' is not")


def test_an_ingest_accounts_for_every_line(story: Story) -> None:
    assert story.said["ingest"].output == (
        "rees46: 9 lines: 8 accepted, 0 duplicates, 1 quarantined\n"
    )
    [_, rees46] = story.states["first run"]["sources"]
    assert rees46 == {
        "source": "rees46",
        "landed": 9,
        "accepted": 8,
        "duplicates": 0,
        "quarantined": 1,
        "last_segment": 1,
        "waiting_segments": 0,
    }


def test_a_run_releases_the_tables_in_the_lakes_own_days(story: Story) -> None:
    state = story.states["first run"]
    assert (state["timezone"], state["release"]["number"]) == ("Asia/Shanghai", 1)
    daily = with_house(story.home, lambda house: rows(house, DAILY))
    assert [tuple(row.values()) for row in daily] == [
        ("2026-08-29", "aqua", 1, 1, 1000),
        ("2026-08-30", "aqua", 1, 0, 0),
        ("2026-08-31", "(unknown)", 1, 0, 0),
    ]
    newest = {table["table"]: table["newest_partition"] for table in state["tables"]}
    assert newest["gold.brand_daily"] == "2026-08-31"


def test_a_run_leaves_recommendations_where_the_feed_reads_them(story: Story) -> None:
    published = with_house(
        story.home, lambda house: published_recommendations(house.settings.home, house.platform)
    )
    assert published.rows.is_empty()  # nobody has read a note


def test_a_second_run_changes_nothing(story: Story) -> None:
    first, second = story.states["first run"], story.states["second run"]
    assert {**first, "runs": []} == {**second, "runs": []}
    assert story.rows["first run"] == story.rows["second run"]


def test_a_day_that_is_run_again_has_the_same_rows_in_a_new_release(story: Story) -> None:
    before, after = story.states["second run"], story.states["one day again"]
    assert after["release"]["number"] == before["release"]["number"] + 1
    assert story.rows["one day again"] == story.rows["second run"]


def test_runs_are_listed_and_kept_under_the_home(story: Story) -> None:
    runs = [(run["job"], run["status"]) for run in story.states["one day again"]["runs"]]
    assert runs == [(job, "SUCCESS") for job in ("build", "ingest", "ingest", "build", "ingest")]
    assert json.loads(story.said["status"].output) == story.states["one day again"]
    with closing(sqlite3.connect(story.home / "dagster" / "history" / "runs.db")) as database:
        assert database.execute("SELECT count(*) FROM runs").fetchone() == (len(runs),)
