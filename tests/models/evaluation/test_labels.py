"""What was planted in a literal home in, labelled subjects out."""

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from models.evaluation.labels import NotSimulated, causes, labels
from platform_core.pseudonyms import pseudonym
from tests.models.evaluation.literal_subjects import KIND

SECRET = "k" * 32


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
