"""Detectors judged by what was planted: literal subjects in, shares and intervals out."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
import yaml

from models.evaluation import accusations, calibration, controls, recall, rings
from models.evaluation.campaigns import write_again, write_idle
from models.evaluation.document import write
from models.evaluation.forms import FORM
from models.evaluation.intervals import UNKNOWN, Interval, bootstrap, share, wilson
from models.evaluation.judging import judge
from models.evaluation.labels import NotSimulated, causes, kind_of, labels
from models.evaluation.nightly import first_nights
from models.evaluation.pool import flagged, pool, with_nights
from models.evaluation.separation import auc, telling, within_folds
from models.evaluation.subjects import SUBJECTS, aimed_at
from platform_core.pseudonyms import pseudonym

DAY = date(2026, 8, 1)
KIND = "brushed_one_order"
SECRET = "k" * 32


def subject(number: int, *, after: int = 0, **columns: Any) -> dict[str, Any]:
    """An ordinary order of person ``number``, so many days after the first."""
    return {
        "town": "one",
        "subject": "order",
        "subject_id": f"o{number}",
        "event_date": DAY + timedelta(days=after),
        "actor_id": f"u{number}",
        "cause": None,
        "kind": None,
        "is_fraud": False,
        "is_aimed": False,
        "is_idle": False,
        "is_victim": False,
        "money_minor": 100,
        "is_new": False,
        "city_tier": 1,
        "has_old_phone": False,
        "score": 0.0,
        "is_flagged": False,
        "is_only_givt": False,
        "flagged_on": None,
        "unit": "one/",
    } | columns


def fraud(number: int, kind: str = KIND, **columns: Any) -> dict[str, Any]:
    of = {"cause": kind, "kind": kind, "is_fraud": True, "is_aimed": True, "unit": f"one/{kind}"}
    return subject(number, **{**of, **columns})


def crowd(number: int, kind: str = "flash_crowd", **columns: Any) -> dict[str, Any]:
    return subject(number, **{"cause": kind, "kind": kind, "unit": f"one/{kind}", **columns})


def found(after: int = 0, score: float = 0.9) -> dict[str, Any]:
    return {"score": score, "is_flagged": True, "flagged_on": DAY + timedelta(days=after)}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    types = {"cause": pl.String, "kind": pl.String, "flagged_on": pl.Date}
    return pl.DataFrame(list(rows), schema_overrides=types)


def signalled(case_key: str, row: dict[str, Any], **columns: Any) -> dict[str, Any]:
    said = {"detector": "d", "detector_version": 1, "probability": 0.9, "state": "live"}
    return row | said | {"case_key": case_key} | columns


def test_wilsons_interval_is_the_published_one() -> None:
    found = wilson(81, 263)  # Newcombe 1998, table I
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 20).low == 0
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=1e-4)
    assert not wilson(0, 0).is_known


def test_a_bootstrap_draws_whole_units() -> None:
    alike = pl.DataFrame({"hits": [1.0] * 20, "of": [2.0] * 20})
    torn = pl.DataFrame({"hits": [2.0, 0.0] * 10, "of": [2.0] * 20})
    assert bootstrap(alike) == Interval(0.5, 0.5, 0.5, 20)
    assert bootstrap(torn).value == 0.5
    assert bootstrap(torn).low < 0.4 < 0.6 < bootstrap(torn).high


def test_few_units_have_a_value_and_no_interval() -> None:
    few = bootstrap(pl.DataFrame({"hits": [1.0], "of": [4.0]}))
    assert few.value == 0.25
    assert np.isnan(few.low)
    assert bootstrap(pl.DataFrame({"hits": [0.0], "of": [0.0]})) == UNKNOWN


def test_a_share_may_be_of_an_amount() -> None:
    rows = pl.DataFrame({"unit": ["a", "b"], "hit": [True, False], "minor": [300, 100]})
    assert share(rows, "hit", ["unit"]).value == 0.5
    assert share(rows, "hit", ["unit"], "minor").value == 0.75


def test_precision_counts_what_is_flagged() -> None:
    rows = frame(fraud(1, **found()), crowd(2, **found()), fraud(3), subject(4))
    assert accusations.precision(rows).value == 0.5


def test_people_of_a_crowd_are_accused_once_whatever_is_flagged_of_them() -> None:
    rows = frame(
        crowd(1, **found()),
        crowd(1, subject_id="again", **found()),
        crowd(2),
        subject(3, **found() | {"is_only_givt": True}),
        subject(4),
    )
    crowds = {c.name: c for c in accusations.by_crowd(rows)}
    assert (crowds["flash_crowd"].accused, crowds["flash_crowd"].people.units) == (1, 2)
    assert crowds["flash_crowd"].flagged == 2
    assert crowds["ordinary"].only_givt == 1
    assert list(crowds) == ["flash_crowd", "ordinary"]


def test_who_does_fraud_is_not_an_honest_person_otherwise() -> None:
    rows = frame(fraud(1), subject(1, subject_id="other", **found()), subject(2))
    (ordinary,) = accusations.by_crowd(rows)
    assert (ordinary.accused, ordinary.people.units) == (0, 1)


def test_a_victim_is_accused_by_own_acts_only() -> None:
    hijacked = {"is_victim": True, "actor_id": "v"}
    rows = frame(fraud(1, **hijacked, **found()), crowd(2, KIND, **hijacked))
    assert accusations.victims(rows).accused == 0
    accused = rows.with_columns(is_flagged=pl.lit(True), is_only_givt=pl.lit(False))
    assert accusations.victims(accused).accused == 1


def test_accusations_are_told_by_group() -> None:
    rows = frame(subject(1, is_new=True, **found()), subject(2), subject(3, city_tier=5))
    told = {(title, of.name): of.accused for title, of in accusations.by_group(rows)}
    assert told[("account", "new (two weeks)")] == 1
    assert told[("account", "older")] == 0
    assert told[("city tier", "5")] == 0


def test_precision_falls_with_the_base_rate() -> None:
    assert accusations.reweighed(0.9, 0.001, 0.5) == pytest.approx(0.9989, abs=1e-4)
    assert accusations.reweighed(0.9, 0.001, 0.001) == pytest.approx(0.4739, abs=1e-4)
    assert np.isnan(accusations.reweighed(0.0, 0.0, 0.1))


def test_reviewers_take_the_surest_cases_of_a_night_first() -> None:
    said = pl.DataFrame(
        [
            *(signalled("ring", fraud(n)) for n in range(6)),
            *(signalled(f"lone{n}", crowd(n)) for n in range(9)),
        ]
    )
    told = {capacity: right for capacity, right, _ in accusations.at_capacity(said)}
    assert told[5].value == pytest.approx(1 / 5)
    assert told[10].value == pytest.approx(1 / 10)


def test_a_detector_in_the_shadow_is_judged_beside_the_live() -> None:
    said = frame(
        signalled("a", fraud(1)), signalled("a", crowd(2)), signalled("b", fraud(3), state="shadow")
    )
    told = [
        (d.state, d.flagged, d.precision.value, d.kinds, d.wrongly)
        for d in accusations.by_detector(said)
    ]
    assert told == [("live", 2, 0.5, KIND, "flash_crowd 1"), ("shadow", 1, 1.0, KIND, "")]


def test_recall_is_of_subjects_of_money_and_of_accounts() -> None:
    rows = frame(
        fraud(1, money_minor=300, **found()),
        fraud(2, money_minor=100),
        fraud(1, subject_id="o3", money_minor=0),
        fraud(4, is_aimed=False),
    )
    (kind,) = recall.by_kind(rows)
    assert kind.subjects.value == pytest.approx(1 / 3)
    assert kind.money.value == 0.75
    assert kind.accounts.value == 0.5
    assert (kind.campaigns, kind.count, kind.undetected) == (1, 3, 0)


def test_what_happens_before_the_first_night_that_notices_is_lost() -> None:
    rows = frame(
        fraud(1, after=0, money_minor=100),
        fraud(2, after=2, money_minor=200, **found(after=2)),
        fraud(3, after=5, money_minor=700, **found(after=5)),
    )
    (kind,) = recall.by_kind(rows)
    assert kind.lost_before.value == pytest.approx(0.3)
    assert kind.days_to_half == 6
    assert np.isnan(kind.days_to_nearly_all)


def test_a_campaign_that_nobody_notices_is_lost_whole() -> None:
    (kind,) = recall.by_kind(frame(fraud(1), fraud(2)))
    assert (kind.lost_before.value, kind.undetected) == (1.0, 1)


def test_the_share_found_grows_by_day() -> None:
    rows = frame(fraud(1, **found()), fraud(2, after=3, **found(after=3)), fraud(3), fraud(4))
    assert recall.by_day(rows).select("day", "share").rows() == [(1, 0.25), (4, 0.5)]


def test_the_lowest_score_with_a_precision_is_found() -> None:
    rows = frame(fraud(1, score=0.9), fraud(2, score=0.8), crowd(3, score=0.7), fraud(4, score=0.6))
    assert recall.at_precision(rows, 0.95) == (0.8, {KIND: pytest.approx(2 / 3)})
    assert recall.at_precision(rows, 0.70) == (0.6, {KIND: 1.0})
    assert recall.at_precision(frame(crowd(1, score=0.9)), 0.95) is None


def test_a_ring_is_whole_in_one_case_and_a_case_pure_of_others() -> None:
    rows = [fraud(n) for n in range(4)]
    said = pl.DataFrame(
        [
            *(signalled("a", row) for row in rows[:2]),
            signalled("b", rows[2]),
            signalled("a", crowd(9)),
        ]
    )
    (ring,) = rings.by_kind(frame(*rows), said)
    assert (ring.best.value, ring.any_case.value) == (0.5, 0.75)
    assert ring.purity.value == pytest.approx(3 / 4)
    assert ring.cases == 2


def test_scores_are_held_against_what_became_of_them() -> None:
    rows = frame(fraud(1, score=0.8), crowd(2, score=0.8), subject(3), fraud(4))
    every, scored = calibration.brier(rows)
    assert every == pytest.approx((0.04 + 0.64 + 0 + 1) / 4)
    assert scored == pytest.approx(0.34)
    ((name, count, mean, real),) = calibration.reliability(rows)
    assert (name, count, mean, real.value) == ("0.7 to 0.8", 2, 0.8, 0.5)


def test_a_signal_flags_when_live_and_at_the_threshold() -> None:
    told = pl.DataFrame(
        {
            "town": ["one"] * 4,
            "subject": ["order"] * 4,
            "subject_id": ["o1", "o1", "o2", "o3"],
            "event_date": [DAY] * 4,
            "detector": ["d", "e", "d", "d"],
            "traffic": ["givt", "sivt", "givt", "givt"],
            "probability": [0.9, 0.4, 0.9, 0.4],
            "state": ["live", "live", "shadow", "live"],
        }
    )
    known = frame(subject(1), subject(2), subject(3)).drop(
        "score", "is_flagged", "is_only_givt", "flagged_on", "unit"
    )
    judged = flagged(known, with_nights(told, []), 0.5)
    assert judged["is_flagged"].to_list() == [True, False, False]
    assert judged["score"].to_list() == [0.9, 0.0, 0.4]
    assert judged["is_only_givt"].to_list() == [True, False, False]


def test_the_first_night_that_says_so_counts() -> None:
    key = {"subject": "order", "subject_id": "o1", "event_date": DAY, "detector": "d"}
    nights = [
        pl.DataFrame([key | {"probability": 0.9, "flagged_on": DAY + timedelta(days=n)}])
        for n in (3, 2, 5)
    ]
    assert first_nights(nights)["flagged_on"].to_list() == [DAY + timedelta(days=2)]


def test_the_area_under_the_curve_counts_ties_half() -> None:
    assert auc(np.array([1.0, 2.0, 3.0]), np.array([False, True, True])) == 1.0
    assert auc(np.array([1.0, 1.0]), np.array([False, True])) == 0.5
    assert auc(np.array([np.nan, 1.0]), np.array([True, False])) == 0.0
    assert np.isnan(auc(np.array([1.0]), np.array([True])))


def test_pairs_are_of_one_fold() -> None:
    scores = np.array([9.0, 8.0, 1.0, 2.0])
    is_fraud = np.array([False, True, False, True])
    assert within_folds(scores, is_fraud, np.array([0, 0, 1, 1])) == 0.5


def forms(rng: np.random.Generator, planted: bool) -> pl.DataFrame:
    """Events of 80 accounts in one hour, of which half are fraud."""
    count = 800
    group = np.arange(count) % 80
    shape = {name: rng.integers(0, 10, count).astype(float) for name in FORM}
    rows = pl.DataFrame({"town": "one", "type": "note.read", "hour": "08", "group": group, **shape})
    rows = rows.with_columns(is_fraud=pl.col("group") < 40)
    if planted:
        rows = rows.with_columns(last_digit=pl.when("is_fraud").then(0.0).otherwise("last_digit"))
    return rows


@pytest.mark.parametrize("planted", [False, True])
def test_a_tell_is_found_where_there_is_one(planted: bool) -> None:
    found = controls.tell(forms(np.random.default_rng(5), planted))
    assert (0.5 in found) is not planted


def test_too_few_accounts_tell_nothing() -> None:
    rows = pl.DataFrame({"group": [1], "is_fraud": [True], "place": ["a"], "x": [1.0]})
    assert telling(rows, ["x"], ["place"], 0) == UNKNOWN


def conduct(rng: np.random.Generator) -> pl.DataFrame:
    """Orders of two towns: 60 frauds, their 60 twins, and 600 ordinary, with two numbers."""
    rows = []
    for number in range(720):
        is_fraud, is_twin = number < 60, 60 <= number < 120
        kind = KIND if is_fraud else "flash_crowd" if is_twin else None
        rows.append(
            {
                "town": f"town{number % 2}",
                "subject_id": f"o{number}",
                "event_date": DAY,
                "loud": float(is_fraud) + rng.normal() / 10,
                "noise": rng.normal(),
                "empty": None,
                "is_fraud": is_fraud,
                "is_aimed": is_fraud,
                "kind": kind,
                "cause": kind,
                "unit": f"town{number % 2}/{kind}",
                "group": f"u{number}",
            }
        )
    return pl.DataFrame(rows, schema_overrides={"empty": pl.Float32, "kind": pl.String})


def test_the_number_that_gives_a_fraud_away_beside_its_twin_is_named() -> None:
    planted = pl.DataFrame(
        {"kind": ["flash_crowd", KIND], "is_fraud": [False, True], "twin_of": [[KIND], []]}
    )
    known = {name: pl.DataFrame() for name in SUBJECTS} | {
        "order": conduct(np.random.default_rng(1))
    }
    (twin,) = controls.twins(known, planted)
    assert (twin.kind, twin.crowd, twin.feature) == (KIND, "flash_crowd", "loud")
    assert twin.area.value > 0.99


def test_the_ceiling_is_high_where_numbers_tell_and_permuted_labels_are_not_found() -> None:
    known = {"order": conduct(np.random.default_rng(1))}
    (top,) = controls.ceilings(known)
    assert top.area > 0.99
    assert top.recall.value > 0.9
    ((name, area),) = controls.permuted(known)
    assert name == "order"
    assert 0.5 in area


def test_few_of_the_honest_lie_above_the_ceilings_threshold() -> None:
    assert controls.least_score(np.arange(10_000.0)) == 9_995.0
    assert controls.least_score(np.array([np.nan])) == np.inf


def test_accounts_that_do_nothing_are_compared_with_their_neighbours() -> None:
    rows = frame(crowd(1, is_idle=True, **found()), crowd(2, is_idle=True), subject(3))
    planted, beside = controls.idle(rows)
    assert (planted.value, beside.value) == (0.5, 0.0)


def test_further_campaigns_are_of_the_same_kind(tmp_path: Path) -> None:
    packaged = {"is_fraud": True, "actors": {"per_1000": 3, "origin": "new", "camouflage": 0.1}}
    (tmp_path / "farm.yaml").write_text(yaml.safe_dump({**packaged, "errand": {"steps": []}}))
    (tmp_path / "family.yaml").write_text(yaml.safe_dump({"is_fraud": False}))
    write_again(tmp_path, tmp_path / "again", 2)
    write_idle(tmp_path, tmp_path / "idle")
    assert sorted(p.stem for p in (tmp_path / "again").iterdir()) == ["farm_again1", "farm_again2"]
    idle = yaml.safe_load((tmp_path / "idle" / "farm_idle.yaml").read_text())
    assert "errand" not in idle
    assert idle["actors"] == {
        "per_1000": 3,
        "origin": "new",
        "camouflage": 1.0,
        "labels": "person",
    }
    kinds = pl.Series(["farm", "farm_again2", "farm_idle"]).to_frame("c")
    assert kinds.select(kind_of(pl.col("c"))).to_series().to_list() == ["farm"] * 3


def lived(home: Path) -> None:
    """A home in which u1 brushed an order and u2's phone was hijacked."""
    (home / "truth").mkdir()
    hijacked = "hijacked_device_clicks"
    brand = {"what": "brand", "id": "b1"}
    days = {"from": "2026-07-31T00:00:00+00:00", "to": "2026-08-09T00:00:00+00:00", "members": 1}
    planted = [
        {"id": KIND, "is_fraud": True, "twin_of": [], "beneficiary": brand, "victim": None, **days},
        {"id": hijacked, "is_fraud": True, "twin_of": [], "beneficiary": None, "victim": brand}
        | days,
    ]
    (home / "truth" / "causes.json").write_text(json.dumps(planted))
    pl.DataFrame(
        [
            ("platform", "e1", "order.placed", KIND),
            ("platform", "e2", "order.placed", KIND),
            ("platform", "e3", "ad.clicked", hijacked),
        ],
        ["source", "event_id", "type", "cause"],
        orient="row",
    ).write_parquet(home / "truth" / "events.parquet")
    pl.DataFrame(
        [("u1", KIND, "member"), ("u2", hijacked, "hijacked")],
        ["user_id", "cause", "role"],
        orient="row",
    ).write_parquet(home / "truth" / "accounts.parquet")


SILVER = """
CREATE SCHEMA silver; CREATE SCHEMA bronze;
CREATE MACRO local_date(ts) AS CAST(ts AS DATE);
CREATE TABLE bronze.events AS SELECT * FROM (VALUES
  ('e1', 'platform', 'order.placed', TIMESTAMP '2026-08-01 08:00', '{one}', '{{"order_id": "o1"}}'),
  ('e2', 'platform', 'order.placed', TIMESTAMP '2026-08-01 09:00', '{one}', '{{"order_id": "o2"}}'),
  ('e3', 'platform', 'ad.clicked', TIMESTAMP '2026-08-01 10:00', '{two}', '{{}}'),
  ('e4', 'app', 'note.read', TIMESTAMP '2026-08-02 10:00', '{two}', '{{}}')
) AS t(event_id, source, type, occurred_at, actor_id, data);
ALTER TABLE bronze.events ADD COLUMN is_duplicate BOOLEAN DEFAULT false;
ALTER TABLE bronze.events ADD COLUMN user_agent VARCHAR DEFAULT 'Meadow/8 (x; Android 12; zh_CN)';
CREATE TABLE silver.ad_clicks AS SELECT 'platform:e3' AS click_id, DATE '2026-08-01' AS event_date,
  '{two}' AS actor_id;
CREATE TABLE silver.ad_charges AS SELECT 'platform:e3' AS click_id, 40 AS amount_minor;
CREATE TABLE silver.orders AS SELECT * FROM (VALUES
  ('platform:o1', DATE '2026-08-01', '{one}', 900, 's1'),
  ('platform:o2', DATE '2026-08-01', '{one}', 800, 's2')
) AS t(order_id, event_date, actor_id, total_minor, shop_id);
CREATE TABLE silver.shops AS SELECT * FROM (VALUES ('s1', 'b1'), ('s2', 'b2'))
  AS t(shop_id, brand_id);
CREATE TABLE silver.products AS SELECT 'p1' AS product_id, 'b1' AS brand_id;
CREATE TABLE silver.reviews AS SELECT 'x' AS review_id, DATE '2026-08-01' AS event_date,
  '{one}' AS actor_id, 'p1' AS product_id WHERE false;
CREATE TABLE silver.notes AS SELECT 'n1' AS note_id, DATE '2026-08-01' AS published_on,
  '{two}' AS creator_id, ['b1'] AS brand_ids;
CREATE TABLE silver.users AS SELECT * FROM (VALUES
  ('{one}', DATE '2026-07-25', 1), ('{two}', DATE '2026-01-01', 4)
) AS t(user_id, registered_on, city_tier);
"""


def labelled(home: Path) -> pl.DataFrame:
    one, two = (pseudonym(user, SECRET) for user in ("u1", "u2"))
    with duckdb.connect() as connection:
        connection.execute(SILVER.format(one=one, two=two))

        def query(sql: str, **params: Any) -> pl.DataFrame:
            return connection.sql(sql, params=params or None).pl()

        return labels(home, query, SECRET)


def test_subjects_bear_what_was_planted(tmp_path: Path) -> None:
    lived(tmp_path)
    told = labelled(tmp_path)
    orders = told.filter(subject="order").sort("subject_id")
    assert orders.select("subject_id", "is_fraud", "is_aimed", "money_minor").rows() == [
        ("platform:o1", True, True, 900),
        ("platform:o2", True, False, 800),  # of another brand: cover
    ]
    assert orders["is_new"].to_list() == [True, True]
    assert orders["has_old_phone"].to_list() == [True, True]
    (click,) = told.filter(subject="ad_click").to_dicts()
    assert (click["is_fraud"], click["is_victim"], click["money_minor"]) == (True, True, 40)


def test_the_day_of_somebody_whose_phone_is_hijacked_is_honest(tmp_path: Path) -> None:
    lived(tmp_path)
    days = labelled(tmp_path).filter(subject="user").sort("actor_id", "event_date")
    theirs = days.filter("is_victim")
    assert theirs["is_fraud"].to_list() == [False, False]
    assert theirs["city_tier"].to_list() == [4, 4]
    assert days.filter(~pl.col("is_victim"))["is_fraud"].to_list() == [True]


def test_a_home_without_a_town_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NotSimulated, match="meadow simulate"):
        causes(tmp_path)


def test_every_packaged_kind_of_fraud_has_a_subject() -> None:
    files = Path("platform_core/simulation/groups/campaigns").glob("*.yaml")
    kinds = {file.stem for file in files if yaml.safe_load(file.read_text())["is_fraud"]}
    assert aimed_at().keys() == kinds
    assert set(aimed_at().values()) <= set(SUBJECTS)


def collected(folder: Path) -> Path:
    """Frames of a town of which nothing was flagged and no conduct is known."""
    folder.mkdir()
    rows = frame(fraud(1), crowd(2), subject(3), subject(3, subject="user"))
    rows.drop("town", "score", "is_flagged", "is_only_givt", "flagged_on", "unit").write_parquet(
        folder / "labels.parquet"
    )
    pl.DataFrame(
        {
            "cause": [KIND, "flash_crowd"],
            "kind": [KIND, "flash_crowd"],
            "is_fraud": [True, False],
            "is_idle": [False, False],
            "twin_of": [[], [KIND]],
        },
        schema_overrides={"twin_of": pl.List(pl.String)},
    ).write_parquet(folder / "causes.parquet")
    signals = pl.DataFrame(
        schema={
            **dict.fromkeys(("subject", "subject_id", "detector", "traffic"), pl.String),
            **dict.fromkeys(("case_key", "state"), pl.String),
            "event_date": pl.Date,
            "detector_version": pl.Int64,
            "probability": pl.Float64,
        }
    )
    signals.write_parquet(folder / "signals.parquet")
    form = {"type": pl.String, "hour": pl.String, "group": pl.Int64, "is_fraud": pl.Boolean}
    schema = {**form, **dict.fromkeys(FORM, pl.Float64)}
    pl.DataFrame(schema=schema).write_parquet(folder / "forms.parquet")
    for name in SUBJECTS:
        empty = pl.DataFrame(schema={"subject_id": pl.String, "event_date": pl.Date})
        empty.write_parquet(folder / f"conduct-{name}.parquet")
    return folder


def test_a_page_is_written_of_a_town_of_which_nothing_is_flagged(tmp_path: Path) -> None:
    judged, pooled = judge([collected(tmp_path / "quiet")], 0.5, "meadow evaluate", say=str)
    page = write(judged)
    assert pooled.towns == 1
    assert "**Too few to say for certain**" in page
    assert f"| {KIND} | order | 1 | 1 | 0.0 % | **missed** |" in page
    assert "No detector has flagged anything." in page
    assert "nan" not in page
    assert max(map(len, page.splitlines()[:12])) <= 100


def test_towns_of_idle_accounts_are_judged_for_nothing_else(tmp_path: Path) -> None:
    folder = collected(tmp_path / "idle")
    for name in ("labels", "causes"):
        file = folder / f"{name}.parquet"
        is_planted = pl.col("kind") == KIND
        pl.read_parquet(file).with_columns(is_idle=is_planted.fill_null(False)).write_parquet(file)
    judged = pool([folder, collected(tmp_path / "other")], 0.5)
    assert judged.subjects["town"].unique().to_list() == ["other"]
    assert judged.idle["town"].unique().to_list() == ["idle"]
