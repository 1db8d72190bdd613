"""On the real files, every count equals one made with the csv module alone."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SHOP = DATA / "rees46" / "2019-Oct_sample.csv.gz"
CLICKS = DATA / "talkingdata" / "train_sample.csv.gz"
SHOP_STEPS = {"product.viewed": "view", "cart.added": "cart", "order.paid": "purchase"}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real files are not beside the project (../shared/data)"
)


def rows(path: Path) -> list[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_the_shops_events_per_day_brand_and_step_are_those_of_the_file(land):
    landed = land("rees46", SHOP.read_bytes())
    bought = rows(SHOP)  # the last row is cut: its session, which may be missing, is missing
    brands = {event["id"].split(":")[1]: event for event in landed.of("order.placed")}

    def brand(event):
        if event["type"] == "order.paid":
            event = brands[event["id"].split(":")[1]]
            return event["data"]["lines"][0]["brand_id"] or ""
        return event["data"].get("brand_id", "")

    counted = Counter(
        (event["time"][:10], brand(event), SHOP_STEPS[event["type"]])
        for event in landed.events
        if event["type"] in SHOP_STEPS
    )
    assert counted == Counter((row[0][:10], row[5], row[1]) for row in bought)
    assert landed.report.rejected == 0
    assert landed.report.rows == len(bought) == 17_435
    assert len(landed.of("brand.changed")) == len({row[5] for row in bought} - {""})
    assert len(landed.of("product.changed")) == len({row[2] for row in bought})
    paid = sum(event["data"]["amount_minor"] for event in landed.of("order.paid"))
    assert paid == sum(int(row[6].replace(".", "")) for row in bought if row[1] == "purchase")


def test_the_clicks_and_installs_per_day_and_campaign_are_those_of_the_file(land):
    landed = land("talkingdata", CLICKS.read_bytes())
    clicks = rows(CLICKS)
    assert landed.report.rows == len(clicks) == 100_000
    assert landed.report.rejected == 0
    assert Counter(
        (event["time"][:10], event["data"]["campaign_id"]) for event in landed.of("ad.clicked")
    ) == Counter((row[5][:10], row[1]) for row in clicks)
    assert Counter(
        (event["data"]["clicked_at"][:10], event["data"]["campaign_id"])
        for event in landed.of("ad.converted")
    ) == Counter((row[5][:10], row[1]) for row in clicks if row[7] == "1")
