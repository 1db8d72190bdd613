"""What is written about why things happened: all of it, and nowhere but in the truth."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest

from platform_core.simulation.groups import files as groups
from platform_core.simulation.life.pulls import pulled
from platform_core.simulation.life.visiting import live, opened
from platform_core.simulation.life.wishes import Wish, Wishes, step
from tests.simulation.literal_visits import (
    AT,
    Answers,
    lore,
    note,
    person,
    steps,
    visit,
    visits,
)
from tests.simulation.literal_visits import step as step_row


@pytest.fixture(scope="module")
def events(lived_home: Path) -> pl.DataFrame:
    """Every event that landed: source, event_id, type, actor and session."""
    rows = [json.loads(line) for line in _lines(lived_home)]
    wanted = {"source": "source", "event_id": "id", "type": "type"}
    wanted |= {"actor": "actorid", "session": "sessionid"}
    columns = {name: [row.get(key) for row in rows] for name, key in wanted.items()}
    return pl.DataFrame(columns, dict.fromkeys(wanted, pl.String))


def _lines(lived_home: Path) -> Iterator[bytes]:
    for segment in sorted((lived_home / "landing").rglob("*.jsonl")):
        yield from segment.read_bytes().splitlines()


def truth(lived_home: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(lived_home / "truth" / f"{name}.parquet")


def test_every_event_of_the_truth_landed_once(lived_home: Path, events: pl.DataFrame) -> None:
    caused = truth(lived_home, "events")
    assert caused.height > 300
    assert caused["event_id"].is_unique().all()
    matched = caused.join(events, on=["source", "event_id", "type"], how="inner")
    assert matched.height == caused.height


def test_all_that_happens_in_one_session_has_one_cause(
    lived_home: Path, events: pl.DataFrame
) -> None:
    labelled = events.join(truth(lived_home, "events"), on=["source", "event_id"], how="left")
    causes = labelled.filter(pl.col("session").is_not_null()).group_by("session")
    assert causes.agg(pl.col("cause").n_unique())["cause"].max() == 1


def test_who_only_runs_errands_is_mostly_ordinary(lived_home: Path, events: pl.DataFrame) -> None:
    labelled = events.join(truth(lived_home, "events"), on=["source", "event_id"], how="left")
    errands = [group.id for group in groups.load() if not group.actors.whole]
    accounts = truth(lived_home, "accounts").filter(
        pl.col("cause").is_in(errands) & pl.col("role").is_in(["member", "hijacked"])
    )
    theirs = labelled.filter(pl.col("actor").is_in(accounts["user_id"].to_list()))
    assert 0 < theirs["cause"].null_count() < theirs.height


def test_causes_are_described(lived_home: Path) -> None:
    causes = {c["id"]: c for c in json.loads((lived_home / "truth" / "causes.json").read_text())}
    assert causes.keys() >= set(truth(lived_home, "events")["cause"])
    assert causes.keys() >= set(truth(lived_home, "accounts")["cause"])
    assert all(c["twin_of"] for c in causes.values() if not c["is_fraud"])


def test_accounts_are_users(lived_home: Path, events: pl.DataFrame) -> None:
    accounts = truth(lived_home, "accounts")
    assert set(accounts["role"]) <= {"member", "hijacked", "beneficiary", "victim"}
    assert set(accounts["user_id"]) <= set(events["actor"])


def test_no_cause_is_named_outside_the_truth(lived_home: Path) -> None:
    names = [group.id.encode() for group in groups.load()]
    files = [p for p in lived_home.rglob("*") if p.is_file() and p.parent.name != "truth"]
    assert len(files) > 5
    for path in files:
        content = path.read_bytes()
        assert not [name for name in names if name in content], path


def read_of(**of_note: Any) -> pl.DataFrame:
    """Somebody reads note 1 because it was shared with them."""
    known = lore([person(0), person(1)], [note(1, product_ids=["product_1"], **of_note)])
    rng = np.random.default_rng(7)
    there = opened(visits(visit(1, person=1)), known.users, rng)
    read = step_row(1, "read_note", target="note_1", value=30_000)
    return live(there, steps(read), Answers(), known, rng).happened


def wishes_after(happened: pl.DataFrame, deaf: tuple[str, ...] = (), **of_note: Any) -> list[Wish]:
    known = lore([person(0), person(1)], [note(1, product_ids=["product_1"], **of_note)])
    rng = np.random.default_rng(7)
    return list(pulled(happened, known, {1: visit(1, person=1)}, deaf, Random(7), rng))


def test_a_note_that_pulls_makes_its_reader_come_back_to_buy() -> None:
    (wish,) = wishes_after(read_of(pull=1.0), pull=1.0)
    assert wish.due > AT
    assert [s["verb"] for s in wish.steps][-2:] == ["view_product", "order"]
    assert wish.steps[-1]["target"] == "product_1"
    assert wish.effect["note_id"] == "note_1"


def test_a_note_without_pull_changes_nothing() -> None:
    assert wishes_after(read_of(pull=0.0), pull=0.0) == []


def test_nobody_is_won_who_reads_for_a_campaign() -> None:
    happened = read_of(pull=1.0).with_columns(cause=pl.lit("farm"))
    assert wishes_after(happened, deaf=("farm",), pull=1.0) == []
    assert len(wishes_after(happened, deaf=("other",), pull=1.0)) == 1


def test_a_wish_is_fulfilled_in_the_next_visit_that_is_due() -> None:
    wishes = Wishes()
    order = step("order", 5.0, target="product_1")
    due = AT + timedelta(hours=1)
    wishes.add(Wish(due, (order,), visit(1), effect="effect"))
    coming = visits(visit(8, started_at=AT), visit(9, started_at=AT + timedelta(hours=2)))
    own, taken = wishes.fulfil(coming, AT, 100, Random(7))
    assert own.is_empty()
    assert taken.select("visit", "verb").rows() == [(9, "order")]
    assert list(wishes.effects.values()) == ["effect"]
    assert len(wishes) == 0


def test_a_wish_waits_for_somebody_of_the_same_cause() -> None:
    wishes = Wishes()
    wishes.add(Wish(AT, (step("order", 5.0, target="product_1"),), visit(1, cause="farm")))
    own, taken = wishes.fulfil(visits(visit(8, started_at=AT)), AT, 100, Random(7))
    assert own.is_empty()
    assert taken.is_empty()
    assert len(wishes) == 1


def test_who_does_not_come_of_their_own_accord_comes_for_the_wish() -> None:
    wishes = Wishes()
    wishes.add(Wish(AT, (step("order", 5.0, target="product_1"),), visit(1, cause="farm")))
    own, taken = wishes.fulfil(visits(), AT + timedelta(days=3), 100, Random(7))
    assert own.select("visit", "person", "cause").rows() == [(100, 0, "farm")]
    assert taken["visit"].to_list() == [100]
