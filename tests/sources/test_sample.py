"""The demo's own streams: the same seed makes the same bytes, and they look like the real ones."""

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.sources.sample import write_samples

LAST_DAY = date(2026, 11, 20)
SHANGHAI = timedelta(hours=8)


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("samples")
    return write_samples(folder, seed=7, days=56, last_day=LAST_DAY)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(samples, tmp_path):
    again = write_samples(tmp_path, seed=7, days=56, last_day=LAST_DAY)
    other = write_samples(tmp_path, seed=8, days=56, last_day=LAST_DAY)
    for source, path in samples.items():
        assert again[source].read_bytes() == path.read_bytes()
        assert other[source].read_bytes() != path.read_bytes()


def test_every_row_is_mapped(samples, land_anew):
    for source, path in samples.items():
        assert land_anew(source, path.read_bytes()).report.rejected == 0


def test_the_shop_fills_every_day_with_a_funnel(samples):
    shop = rows(samples["rees46"])
    steps = Counter(row["event_type"] for row in shop)
    assert 40_000 < len(shop) < 60_000
    assert steps["view"] > 8 * steps["cart"] > 16 * steps["purchase"] > 16_000
    times = [datetime.strptime(row["event_time"], "%Y-%m-%d %H:%M:%S UTC") for row in shop]
    days = Counter((time + SHANGHAI).date() for time in times)
    assert (min(days), max(days), len(days)) == (LAST_DAY - timedelta(days=55), LAST_DAY, 56)
    assert len({row["product_id"] for row in shop}) == 60
    assert len({row["brand"] for row in shop} - {""}) == 6


def test_some_actors_click_one_campaign_again_and_again(samples):
    clicks = defaultdict(list)
    for row in rows(samples["talkingdata"]):
        actor = (row["ip"], row["device"], row["os"], row["app"])
        clicks[actor].append((datetime.fromisoformat(row["click_time"]), row["is_attributed"]))
    repeats = [
        (actor, installed)
        for actor, each in clicks.items()
        for (before, _), (after, installed) in pairwise(each)
        if after - before <= timedelta(seconds=600)
    ]
    assert 40 <= len({actor for actor, _ in repeats}) <= 60
    assert {installed for _, installed in repeats} == {"0"}
    assert 25_000 < sum(map(len, clicks.values())) < 40_000
    assert len({actor[3] for actor in clicks}) == 12
