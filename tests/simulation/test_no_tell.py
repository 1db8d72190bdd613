"""Nothing about the form of events tells fraud: not ids, nulls, precision, order or file."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from platform_core.database import connect
from platform_core.simulation.groups.files import load
from platform_core.simulation.plan import Plan
from platform_core.simulation.run import simulate
from platform_core.tables import metadata
from tests.simulation.form import FORM, OF_EVENT, events
from tests.simulation.telling import telling

STRONG = tuple(
    group.model_copy(update={"strength": 9.0}) if group.is_fraud else group for group in load()
)
PLAN = Plan(days=3, users=120, seed=5, until=date(2026, 3, 1), groups=STRONG)
STRATUM = ("type", "hour")
SEED = 11
EACH = 4
"""Events of one type that are looked at of each who acts: few do not outweigh the others."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The events of a small town with their form, and the truth of them."""
    home: Path = tmp_path_factory.mktemp("town")
    engine = connect(f"sqlite:///{home / 'platform.db'}")
    metadata.create_all(engine)
    simulate(engine, home, PLAN)
    engine.dispose()
    causes = json.loads((home / "truth" / "causes.json").read_text(encoding="utf-8"))
    kinds = {cause["id"]: cause["is_fraud"] for cause in causes}
    truth = pl.read_parquet(home / "truth" / "events.parquet")
    return (
        events(home / "landing")
        .join(truth, on=["source", "event_id"], how="left", maintain_order="left")
        .with_columns(
            is_fraud=pl.col("cause").replace_strict(kinds, default=False),
        )
        .filter(pl.int_range(pl.len()).shuffle(SEED).over("group", "type") < EACH)
    )


@pytest.mark.parametrize("columns", [FORM, OF_EVENT], ids=["form", "form of the event alone"])
def test_a_booster_on_the_form_of_events_cannot_tell_fraud(
    told: pl.DataFrame, columns: tuple[str, ...]
) -> None:
    assert told["is_fraud"].sum() > 1000
    assert 0.5 in telling(told, columns, STRATUM, SEED)


@pytest.mark.parametrize(
    ("mark", "planted"),
    [
        ("last_digits", pl.lit(0)),
        ("has_deviceid", pl.lit(False)),
        ("id_head", pl.col("id_head") // 2),
    ],
)
def test_a_planted_mark_is_found(told: pl.DataFrame, mark: str, planted: pl.Expr) -> None:
    marked = told.with_columns(pl.when("is_fraud").then(planted).otherwise(mark).alias(mark))
    assert telling(marked, OF_EVENT, STRATUM, SEED).low > 0.55
