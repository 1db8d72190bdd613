"""Ads on the pages that people browse and search."""

from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from platform_core.ads import AuctionBook
from platform_core.search import SearchIndex
from tests.platform_core.pages import request, serve, shown
from tests.platform_core.press import NOW, TIMEZONE, Press


@pytest.fixture
def press(engine: sa.Engine) -> Press:
    return Press(engine)


def test_ads_stand_at_their_positions_and_their_note_nowhere_else(press: Press) -> None:
    advertised = press.note("种草", topics=["护肤"])
    others = {press.note(topics=["护肤"]) for _ in range(15)}
    press.unit(press.campaign(press.brand("青屿记")), bid_minor=200, note_id=advertised)
    press.unit(press.campaign(press.brand("白棠里")), bid_minor=100, note_id=press.note("别的"))
    book = AuctionBook.load(press.engine, now=NOW, timezone=TIMEZONE)
    cards = serve(press, request(press.person("护肤"), size=12), book=book)
    ads = cards.filter(pl.col("kind") == "ad")
    assert ads["position"].to_list() == [4, 10]
    assert ads["note_id"][0] == advertised
    assert ads["token"].is_not_null().all()
    assert ads["slot"].unique().to_list() == ["ad"]
    assert cards["note_id"].is_unique().all()
    assert set(shown(cards, kind="note")) <= others
    assert cards["position"].to_list() == list(range(1, 13))


def test_a_note_that_a_person_hid_is_not_shown_to_them_as_an_ad(press: Press) -> None:
    advertised = press.note()
    press.unit(press.campaign(press.brand("青屿记")), bid_minor=200, note_id=advertised)
    for _ in range(6):
        press.note()
    person = press.person()
    press.act("hide", advertised, person)
    book = AuctionBook.load(press.engine, now=NOW, timezone=TIMEZONE)
    cards = serve(press, request(person), request(press.person()), book=book)
    assert cards.filter(pl.col("kind") == "ad")["request_id"].to_list() == ["request_1"]
    assert advertised not in cards.filter(request_id="request_0")["note_id"]


def test_search_pages_mix_notes_products_and_an_ad(press: Press, tmp_path: Path) -> None:
    found = {press.note(f"粉底液测评{number}") for number in range(8)}
    press.unit(
        press.campaign(press.brand("花事晚")),
        bid_minor=100,
        note_id=press.note("底妆"),
        keywords={"粉底液": 150},
    )
    index = SearchIndex.open(tmp_path)
    index.refresh(press.engine)
    book = AuctionBook.load(press.engine, now=NOW, timezone=TIMEZONE)
    pages = [request(None, "search", query="粉底液推荐", size=5) for _ in range(1)]
    person = press.person()
    pages += [request(person, "search", query="粉底液推荐", size=5) for _ in range(2)]
    cards = serve(press, *pages, index=index, book=book)
    first = cards.filter(request_id="request_0")
    assert first["kind"].to_list() == ["note", "note", "ad", "note", "note"]
    assert first["reason"].to_list()[2] == "keyword"
    of_person = cards.filter(pl.col("request_id") != "request_0", kind="note")
    assert len(of_person) == 8
    assert set(of_person["item_id"]) == found
