"""Creators draft, publish, edit and remove notes; moderation holds and releases them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core import brands, catalog, notes, users
from platform_core.notes import Content
from platform_core.outbox import Origin
from platform_core.work import begin
from tests.platform_core.told import told

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
STAFF = Origin("account_1")
HARMLESS = Content("夏天的粉底液", "油皮亲妈，下午也不脱妆。", topics=["护肤", "夏天", "护肤"])
HELD = Content("看我主页", "加微信 abc12345 领券")

Draft = Callable[[Content], str]


@pytest.fixture
def creator(engine: sa.Engine) -> str:
    with begin(engine, now=NOW) as work:
        user_id = users.sign_up(work, by=Origin())
        users.become_creator(work, user_id, by=Origin(user_id))
    return user_id


@pytest.fixture
def draft(engine: sa.Engine, creator: str) -> Draft:
    def write(content: Content) -> str:
        with begin(engine, now=NOW) as work:
            return notes.draft(work, creator, content, by=Origin(creator))

    return write


def act(engine: sa.Engine, verb: Any, note_id: str, *details: Any, by: Origin = STAFF) -> Any:
    with begin(engine, now=LATER) as work:
        return verb(work, note_id, *details, by=by)


def brand(engine: sa.Engine, name: str) -> str:
    with begin(engine, now=NOW) as work:
        brand_id = brands.apply(work, name=name, category="makeup", by=STAFF)
        brands.verify(work, brand_id, by=STAFF)
    return brand_id


def states(engine: sa.Engine) -> list[str]:
    return [e["data"]["status"] for e in told(engine) if e["type"] == "note.changed"]


def test_a_published_note_is_told_in_full(engine: sa.Engine, creator: str, draft: Draft) -> None:
    note_id = draft(HARMLESS)
    assert act(engine, notes.publish, note_id, by=Origin(creator)) == "published"
    event = told(engine)[-1]
    assert (event["type"], event["actorid"]) == ("note.changed", creator)
    assert event["data"] == {
        "note_id": note_id,
        "creator_id": creator,
        "status": "published",
        "title": "夏天的粉底液",
        "text": "油皮亲妈，下午也不脱妆。",
        "topics": ["护肤", "夏天"],
        "products": [],
        "mentions": [],
        "is_disclosed_ad": False,
    }
    assert notes.note(engine, note_id).published_at == LATER


def test_what_the_machine_finds_is_held_until_somebody_releases_it(
    engine: sa.Engine, creator: str, draft: Draft
) -> None:
    note_id = draft(HELD)
    assert act(engine, notes.publish, note_id, by=Origin(creator)) == "held"
    assert act(engine, notes.publish, note_id, by=Origin(creator)) == "held"
    assert notes.note(engine, note_id).published_at is None
    act(engine, notes.release, note_id)
    act(engine, notes.release, note_id)
    assert states(engine) == ["draft", "held", "published"]


def test_an_edit_of_a_published_note_is_looked_at_again(
    engine: sa.Engine, creator: str, draft: Draft
) -> None:
    note_id = draft(HARMLESS)
    assert act(engine, notes.edit, note_id, HARMLESS, by=Origin(creator)) == "draft"
    act(engine, notes.publish, note_id, by=Origin(creator))
    assert act(engine, notes.edit, note_id, HARMLESS, by=Origin(creator)) == "published"
    assert act(engine, notes.edit, note_id, HELD, by=Origin(creator)) == "held"
    assert states(engine) == ["draft", "published", "held"]


def test_a_removed_note_never_comes_back(engine: sa.Engine, creator: str, draft: Draft) -> None:
    note_id = draft(HARMLESS)
    for _ in range(2):
        act(engine, notes.remove, note_id)
    for verb in (notes.publish, notes.hold, notes.release):
        with pytest.raises(notes.NoteNotChangeable, match="removed"):
            act(engine, verb, note_id, by=Origin(creator) if verb is notes.publish else STAFF)
    assert states(engine) == ["draft", "removed"]


def test_a_draft_is_nothing_to_hold(engine: sa.Engine, draft: Draft) -> None:
    with pytest.raises(notes.NoteNotChangeable, match="draft"):
        act(engine, notes.hold, draft(HARMLESS))


def test_only_its_creator_publishes_a_note(engine: sa.Engine, draft: Draft) -> None:
    with pytest.raises(notes.NotTheCreator):
        act(engine, notes.publish, draft(HARMLESS), by=Origin("user_0"))


def test_only_active_creators_write(engine: sa.Engine, creator: str, draft: Draft) -> None:
    with begin(engine, now=NOW) as work:
        reader = users.sign_up(work, by=Origin())
    with pytest.raises(users.CreatorUnknown, match=reader), begin(engine, now=NOW) as work:
        notes.draft(work, reader, HARMLESS, by=Origin(reader))
    note_id = draft(HARMLESS)
    act(
        engine,
        lambda work, user_id, by: users.suspend(work, user_id, reason="spam", by=by),
        creator,
    )
    with pytest.raises(users.UserSuspended):
        draft(HARMLESS)
    with pytest.raises(users.UserSuspended):
        act(engine, notes.publish, note_id, by=Origin(creator))


def test_a_note_shows_listed_products_with_their_brand(engine: sa.Engine, draft: Draft) -> None:
    brand_id = brand(engine, "草本集")
    with begin(engine, now=NOW) as work:
        shop_id = brands.open_shop(work, brand_id, name="旗舰店", by=STAFF)
        product_id = catalog.list_product(
            work, shop_id, name="粉底液", category="makeup", price_minor=19_900, by=STAFF
        )
    note_id = draft(Content("测评", "值", product_ids=[product_id, product_id]))
    [card] = notes.note(engine, note_id).products
    assert (card.product_id, card.brand_id) == (product_id, brand_id)
    act(engine, catalog.delist, product_id)
    with pytest.raises(catalog.ProductUnknown, match=product_id):
        draft(Content("测评", "值", product_ids=[product_id]))


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("@草本集的粉底液真好用", ["草本集"]),
        ("谢谢@草本集Pro，还有@草本集", ["草本集Pro", "草本集"]),
        ("@Nova 和＠Nova都好", ["Nova"]),
        ("@Novalis 不是", []),
        ("@Nova", ["Nova"]),
        ("写信到 me@Nova.example", []),
        ("草本集没有被提到 @ @谁", []),
    ],
)
def test_brands_are_mentioned_by_the_longest_name_that_fits(
    engine: sa.Engine, draft: Draft, text: str, mentioned: list[str]
) -> None:
    names = {brand(engine, name): name for name in ("草本集", "草本集Pro", "Nova")}
    mentions = notes.note(engine, draft(Content("标题", text))).mentions
    assert [names[brand_id] for brand_id in mentions] == mentioned


def test_a_text_outside_the_contract_is_refused(engine: sa.Engine, draft: Draft) -> None:
    with pytest.raises(ValueError, match="text"):
        draft(Content("标题", "长" * 4_097))
    with pytest.raises(notes.NoteUnknown, match="note_0"):
        act(engine, notes.remove, "note_0")
