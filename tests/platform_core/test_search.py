"""Notes and products are found by words, typos and needs, in Chinese and English."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from platform_core import brands, catalog, notes
from platform_core.notes import Content
from platform_core.outbox import NOBODY, Origin
from platform_core.search import SearchIndex
from platform_core.work import begin
from tests.platform_core.press import NOW, Press

SUMMER_BASE = ("夏季控油粉底液实测", "大夏天出油也不脱妆，哑光妆感撑到下班")
WINTER_BASE = ("冬季滋润粉底液", "干皮不卡粉，保湿一整天")
SUNSCREEN = ("夏天防晒霜怎么选", "清爽不油腻，军训也能用")
COFFEE = ("在家做冰美式", "夏天喝一杯很解暑")
ENGLISH = ("My foundation routine", "A matte foundation that survives humid summers")
LIPSTICK = ("Lipstick swatches", "Ten shades of red for every skin tone")


@pytest.fixture
def press(engine: sa.Engine) -> Press:
    return Press(engine)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def titles(press: Press) -> dict[str, str]:
    """The notes of this file, by id."""
    everything = (SUMMER_BASE, WINTER_BASE, SUNSCREEN, COFFEE, ENGLISH, LIPSTICK)
    return {press.note(*note): note[0] for note in everything}


def found(folder: Path, engine: sa.Engine, query: str, titles: dict[str, str]) -> list[str]:
    index = SearchIndex.open(folder)
    index.refresh(engine)
    return [titles[hit.item_id] for hit in index.notes(query)]


def test_a_scene_in_chinese_finds_first_what_answers_all_of_it(
    engine: sa.Engine, folder: Path, titles: dict[str, str]
) -> None:
    hits = found(folder, engine, "油皮夏天用什么粉底液", titles)
    assert hits[0] == SUMMER_BASE[0]
    assert set(hits[1:4]) == {WINTER_BASE[0], SUNSCREEN[0], ENGLISH[0]}


@pytest.mark.parametrize(
    "query", ["foundaton", "fundation", "FOUNDATION", "foundations", "ｆoundation"]
)
def test_english_is_found_with_typos_and_in_any_case(
    engine: sa.Engine, folder: Path, titles: dict[str, str], query: str
) -> None:
    assert found(folder, engine, query, titles)[0] == ENGLISH[0]


def test_a_mistyped_word_finds_nothing_that_is_far_from_it(
    engine: sa.Engine, folder: Path, titles: dict[str, str]
) -> None:
    assert found(folder, engine, "lipstik", titles) == [LIPSTICK[0]]
    assert found(folder, engine, "zzzzzz", titles) == []


def test_an_english_need_finds_its_chinese_answer(
    engine: sa.Engine, folder: Path, titles: dict[str, str]
) -> None:
    assert found(folder, engine, "best foundation for oily skin", titles)[:2] in (
        [SUMMER_BASE[0], ENGLISH[0]],
        [ENGLISH[0], SUMMER_BASE[0]],
    )


def test_a_title_counts_more_than_a_text(press: Press, folder: Path) -> None:
    in_text = press.note("周末", "去爬山")
    in_title = press.note("去爬山", "周末")
    index = SearchIndex.open(folder)
    index.refresh(press.engine)
    assert [hit.item_id for hit in index.notes("爬山")] == [in_title, in_text]


def test_of_equal_matches_the_newest_comes_first(press: Press, folder: Path) -> None:
    old, new, newer = (press.note("露营清单", hours_ago=hours) for hours in (90, 20, 2))
    index = SearchIndex.open(folder)
    index.refresh(press.engine)
    assert [hit.item_id for hit in index.notes("露营")] == [newer, new, old]
    assert [hit.item_id for hit in index.notes("露营", 1)] == [newer]


@pytest.mark.parametrize(
    "query", ["", "？？", "的", "a AND (b", "*", "不存在的词语呀呀", "粉底液" * 1000]
)
def test_no_query_is_too_strange(
    engine: sa.Engine, folder: Path, titles: dict[str, str], query: str
) -> None:
    found(folder, engine, query, titles)


def test_what_is_no_longer_published_is_no_longer_found(press: Press, folder: Path) -> None:
    gone, held, edited = (press.note("蓝莓果干") for _ in range(3))
    index = SearchIndex.open(folder)
    index.refresh(press.engine)
    assert len(index.notes("果干")) == 3
    with begin(press.engine, now=NOW) as work:
        notes.remove(work, gone, by=NOBODY)
        notes.hold(work, held, by=NOBODY)
        notes.edit(work, edited, Content("手冲咖啡", "正文"), by=Origin(press.author))
    index.refresh(press.engine)
    assert index.notes("果干") == []
    assert [hit.item_id for hit in index.notes("咖啡")] == [edited]


def test_a_refresh_looks_only_at_what_has_changed(press: Press, folder: Path) -> None:
    for hours_ago in (48, 24):
        press.note(hours_ago=hours_ago)
    index = SearchIndex.open(folder)
    assert index.refresh(press.engine) == 2
    press.note(hours_ago=0)
    assert SearchIndex.open(folder).refresh(press.engine) == 1
    assert index.refresh(press.engine) == 0


def test_a_lost_index_is_made_anew_and_answers_as_the_one_that_grew(
    press: Press, folder: Path
) -> None:
    grown = SearchIndex.open(folder)
    for number in range(12):
        note_id = press.note(f"夏天 {number}", hours_ago=50 - number)
        grown.refresh(press.engine)
        with begin(press.engine, now=NOW) as work:
            content = Content("夏天防晒", "正文" * number)
            notes.edit(work, note_id, content, by=Origin(press.author))
        grown.refresh(press.engine)
    before = grown.notes("夏天 防晒", 5)
    shutil.rmtree(folder)
    made_anew = SearchIndex.open(folder)
    made_anew.refresh(press.engine)
    assert made_anew.notes("夏天 防晒", 5) == before


def test_products_are_found_by_name_need_and_category(engine: sa.Engine, folder: Path) -> None:
    with begin(engine, now=NOW) as work:
        brand_id = brands.apply(work, name="花事晚", category="彩妆", by=NOBODY)
        brands.verify(work, brand_id, by=NOBODY)
        shop_id = brands.open_shop(work, brand_id, name="旗舰店", by=NOBODY)
        base, tent = (
            catalog.list_product(
                work, shop_id, name=name, category=category, price_minor=9900, by=NOBODY
            )
            for name, category in (("花事晚 雾感粉底液", "彩妆"), ("远岫 双人帐篷", "运动户外"))
        )
    index = SearchIndex.open(folder)
    index.refresh(engine)
    assert [hit.item_id for hit in index.products("粉底")] == [base]
    assert [hit.item_id for hit in index.products("露营用什么")] == [tent]
    assert [hit.item_id for hit in index.products("彩妆")] == [base]
    with begin(engine, now=NOW + timedelta(hours=1)) as work:
        catalog.delist(work, tent, by=NOBODY)
    index.refresh(engine)
    assert index.products("露营用什么") == []
    assert index.count("粉底") == 1
