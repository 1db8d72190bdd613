"""Every way we know in which a landed line can be broken, and the code it must be filed under."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from platform_core.contract.envelope import MAX_LINE_BYTES
from platform_core.contract.events.replay import RowRejected
from tests.events import event, viewed

TIME: Final = "2026-08-30T10:00:00Z"
PERSON: Final = "secret-person"
"""Stands in every broken line that can hold it: it must be readable nowhere in the lake."""

Make = Callable[[int], bytes]


@dataclass(frozen=True)
class Kind:
    """One way to break a line; a ``rare`` one makes so large lines that a few are enough."""

    name: str
    code: str
    make: Make
    rare: bool = False


def good(number: int) -> dict[str, Any]:
    """An event that nothing is wrong with."""
    return viewed(f"good-{number}", TIME, actor=f"actor-{number}")


def view(number: int, **changes: Any) -> dict[str, Any]:
    """A good view of the broken lines' person, but for the changes; ``data`` fields included."""
    whole = viewed(f"bad-{number}", TIME, actor=f"{PERSON}-{number}")
    own = {name: changes.pop(name) for name in list(changes) if name in whole}
    return {**whole, "data": {**whole["data"], **changes}, **own}


def without(number: int, *path: str) -> dict[str, Any]:
    """A good view that lacks one attribute, or one field of its data."""
    whole = view(number)
    inner = whole["data"] if len(path) > 1 else whole
    del inner[path[-1]]
    return whole


def coded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def named(number: int, name: str) -> str:
    """The text of a product's change, whose name holds characters beyond ASCII."""
    changed = event("product.changed", f"bad-{number}", TIME, actorid=PERSON, product_id="p")
    return json.dumps({**changed, "data": {"product_id": "p", "name": name}}, ensure_ascii=False)


def ordered(number: int, *, as_object: bool = False, **line: Any) -> dict[str, Any]:
    """An order of one line; its ``lines`` may be that line alone, in no array."""
    whole = {"product_id": "p", "quantity": 1, "unit_price_minor": 5, **line}
    lines = whole if as_object else [whole]
    total: dict[str, Any] = {"total_minor": 5, "currency": "CNY", "order_id": f"o{number}"}
    return event("order.placed", f"bad-{number}", TIME, actorid=PERSON, lines=lines, **total)


def converted(number: int, **changes: Any) -> dict[str, Any]:
    data = {"click_id": "c", "clicked_at": TIME, "campaign_id": "c1", "brand_id": "b1"}
    return event("ad.converted", f"bad-{number}", TIME, **{**data, "goal": "install", **changes})


def served(number: int, **card: Any) -> dict[str, Any]:
    """An answer of one card."""
    whole = {"kind": "note", "item_id": "n1", "slot": "fresh", "position": 1, "score": 0.5}
    cards = [{**whole, "reason": "new", **card}]
    answer: dict[str, Any] = {"request_id": "r1", "surface": "feed", "ranker": "m/1"}
    return event("cards.served", f"bad-{number}", TIME, actorid=PERSON, cards=cards, **answer)


def reviewed(number: int, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"review_id": "w1", "product_id": "p1", "stars": 5, "text": "good"}
    whole = {**data, "is_verified": True, **changes}
    return event("review.posted", f"bad-{number}", TIME, actorid=PERSON, **whole)


def user(number: int, **changes: Any) -> dict[str, Any]:
    data = {"user_id": PERSON, "status": "active", "registered_on": "2026-08-30", "interests": []}
    whole = {**data, "has_avatar": True, "has_bio": False, **changes}
    return event("user.changed", f"bad-{number}", TIME, actorid=PERSON, **whole)


def moved(number: int, quantity: Any) -> dict[str, Any]:
    stock: dict[str, Any] = {"move_id": "v1", "sku_id": "s1", "kind": "shipped", "on_hand": 0}
    stock |= {"reserved": 0, "quantity": quantity}
    return event("stock.moved", f"bad-{number}", TIME, actorid=PERSON, **stock)


def rejected(number: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": "shop.csv",
        "line": number + 1,
        "reason": "holds 1 cells",
        "row": PERSON,
    }
    return event(RowRejected.type, f"bad-{number}", TIME, **row)


KINDS: Final = (
    Kind("cut in the middle", "not_json", lambda n: coded(view(n))[: 40 + n % 200]),
    Kind("empty", "not_json", lambda n: b""),
    Kind("only blanks", "not_json", lambda n: b" \t" * (n % 5)),
    Kind("carriage return", "not_json", lambda n: b"\r"),
    Kind("not JSON at all", "not_json", lambda n: f"{TIME} GET /product/{PERSON}".encode()),
    Kind("single quotes", "not_json", lambda n: coded(view(n)).replace(b'"', b"'")),
    Kind("two objects", "not_json", lambda n: coded(view(n)) + coded(view(n))),
    Kind("not a number", "wrong_type", lambda n: coded(view(n, price_minor=float("nan")))),
    Kind("byte order mark", "not_json", lambda n: b"\xef\xbb\xbf" + coded(view(n))),
    Kind("raw null byte", "not_json", lambda n: coded(view(n)).replace(b"b1", b"b\x001")),
    Kind("UTF-16 without a mark", "not_json", lambda n: named(n, "x").encode("utf-16-le")),
    Kind("UTF-16", "invalid_utf8", lambda n: named(n, "x").encode("utf-16")),
    Kind("Latin-1", "invalid_utf8", lambda n: named(n, "café").encode("latin-1")),
    Kind("GB18030", "invalid_utf8", lambda n: named(n, "草地").encode("gb18030")),
    Kind(
        "lone surrogate",
        "invalid_utf8",
        lambda n: named(n, "\ud83d").encode("utf-8", "surrogatepass"),
    ),
    Kind("cut within a character", "invalid_utf8", lambda n: named(n, "草").encode()[:-4]),
    Kind("overlong encoding", "invalid_utf8", lambda n: coded(view(n)).replace(b"/", b"\xc0\xaf")),
    Kind("escaped null", "control_character", lambda n: coded(view(n, product_id="a\0b"))),
    Kind("array", "not_an_object", lambda n: coded([view(n)])),
    Kind("string", "not_an_object", lambda n: coded(PERSON)),
    Kind("number", "not_an_object", lambda n: b"%d" % n),
    Kind("null", "not_an_object", lambda n: b"null"),
    Kind("deeply nested", "not_an_object", lambda n: b"[" * 900 + b"]" * 900),
    Kind("huge", "line_too_long", lambda n: coded(view(n, note="x" * MAX_LINE_BYTES)), rare=True),
    Kind("huge and cut", "line_too_long", lambda n: b"x" * (MAX_LINE_BYTES + 1), rare=True),
    Kind("no id", "missing_field", lambda n: coded(without(n, "id"))),
    Kind("no time", "missing_field", lambda n: coded(without(n, "time"))),
    Kind("no data", "missing_field", lambda n: coded(without(n, "data"))),
    Kind("no product", "missing_field", lambda n: coded(without(n, "data", "product_id"))),
    Kind("null product", "missing_field", lambda n: coded(view(n, product_id=None))),
    Kind("number as id", "wrong_type", lambda n: coded(view(n, id=n))),
    Kind("number as product", "wrong_type", lambda n: coded(view(n, product_id=n))),
    Kind("price as text", "wrong_type", lambda n: coded(view(n, price_minor="1000"))),
    Kind("price with a fraction", "wrong_type", lambda n: coded(view(n, price_minor=9.5))),
    Kind("price as truth", "wrong_type", lambda n: coded(view(n, price_minor=True))),
    Kind("data as array", "wrong_type", lambda n: coded(view(n, data=[1]))),
    Kind("lines as object", "wrong_type", lambda n: coded(ordered(n, as_object=True))),
    Kind("line's product", "wrong_type", lambda n: coded(ordered(n, product_id=5))),
    Kind("score as text", "wrong_type", lambda n: coded(served(n, score="0.5"))),
    Kind("score as truth", "wrong_type", lambda n: coded(served(n, score=True))),
    Kind("score not a number", "wrong_type", lambda n: coded(served(n, score=float("nan")))),
    Kind("score without end", "wrong_type", lambda n: coded(served(n, score=float("-inf")))),
    Kind("no score", "missing_field", lambda n: coded(served(n, score=None))),
    Kind("score beyond", "out_of_range", lambda n: coded(served(n, score=1e16))),
    Kind("score far beyond", "out_of_range", lambda n: coded(served(n, score=-(10**400)))),
    Kind("unknown card", "invalid_value", lambda n: coded(served(n, kind="video"))),
    Kind("position as text", "wrong_type", lambda n: coded(served(n, position="1"))),
    Kind("cards of text", "wrong_type", lambda n: coded(served(n)).replace(b"[{", b'["x", {')),
    Kind("truth as text", "wrong_type", lambda n: coded(reviewed(n, is_verified="true"))),
    Kind("truth as number", "wrong_type", lambda n: coded(reviewed(n, is_verified=1))),
    Kind("truth as list", "wrong_type", lambda n: coded(reviewed(n, is_verified=[True]))),
    Kind("no truth", "missing_field", lambda n: coded(reviewed(n, is_verified=None))),
    Kind("six stars", "out_of_range", lambda n: coded(reviewed(n, stars=6))),
    Kind("half a star", "wrong_type", lambda n: coded(reviewed(n, stars=4.5))),
    Kind("text beyond", "invalid_value", lambda n: coded(reviewed(n, text="草" * 4097)), rare=True),
    Kind("number as interest", "wrong_type", lambda n: coded(user(n, interests=["a", 5]))),
    Kind("null as interest", "wrong_type", lambda n: coded(user(n, interests=[None]))),
    Kind("empty interest", "invalid_value", lambda n: coded(user(n, interests=["", "a"]))),
    Kind("unknown gender", "invalid_value", lambda n: coded(user(n, gender="robot"))),
    Kind("null gender", "wrong_type", lambda n: coded(user(n, gender=None))),
    Kind("no such day", "invalid_time", lambda n: coded(user(n, registered_on="2026-02-30"))),
    Kind("quantity below all", "out_of_range", lambda n: coded(moved(n, -(2**53)))),
    Kind("negative price", "negative_money", lambda n: coded(view(n, price_minor=-1))),
    Kind("line's price", "negative_money", lambda n: coded(ordered(n, unit_price_minor=-n - 1))),
    Kind("no pieces", "out_of_range", lambda n: coded(ordered(n, quantity=0))),
    Kind("beyond exact", "out_of_range", lambda n: coded(view(n, price_minor=2**53))),
    Kind("beyond 64 bits", "out_of_range", lambda n: coded(view(n, price_minor=10**30))),
    Kind("empty id", "invalid_value", lambda n: coded(view(n, id=""))),
    Kind("long id", "invalid_value", lambda n: coded(view(n, id="x" * 257))),
    Kind("unknown goal", "invalid_value", lambda n: coded(converted(n, goal="sale"))),
    Kind("small currency", "invalid_value", lambda n: coded(view(n, currency="cny"))),
    Kind("other envelope", "invalid_value", lambda n: coded(view(n, specversion="0.3"))),
    Kind("month 13", "invalid_time", lambda n: coded(view(n, time="2026-13-01T00:00:00Z"))),
    Kind("no zone", "invalid_time", lambda n: coded(view(n, time="2026-08-30T10:00:00"))),
    Kind("local time", "invalid_time", lambda n: coded(view(n, time="2026-08-30T10:00:00+08:00"))),
    Kind("epoch seconds", "invalid_time", lambda n: coded(view(n, time=1_788_000_000))),
    Kind("clicked at noon", "invalid_time", lambda n: coded(converted(n, clicked_at="noon"))),
    Kind("year 9999", "impossible_time", lambda n: coded(view(n, time="9999-12-31T23:59:59Z"))),
    Kind("before us all", "impossible_time", lambda n: coded(view(n, time="1970-01-01T00:00:00Z"))),
    Kind(
        "clicked in 9999",
        "impossible_time",
        lambda n: coded(converted(n, clicked_at="9999-12-31T23:59:59Z")),
    ),
    Kind("year 0000", "impossible_time", lambda n: coded(view(n, time="0000-01-01T00:00:00Z"))),
    Kind("other source", "source_mismatch", lambda n: coded(view(n, source="shopp"))),
    Kind(
        "unknown type",
        "unknown_type",
        lambda n: coded(view(n, type="product.veiwed", dataschema="product.veiwed/1")),
    ),
    Kind(
        "unknown version",
        "unknown_version",
        lambda n: coded(view(n, dataschema="product.viewed/2")),
    ),
    Kind(
        "another's schema", "unknown_version", lambda n: coded(view(n, dataschema="cart.added/1"))
    ),
    Kind("unmapped row", "unmapped_row", lambda n: coded(rejected(n))),
)
