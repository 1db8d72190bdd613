"""Everything that may be done to a good event before it lands."""

import copy
import json
from collections.abc import Iterator
from typing import Any, Final

from hypothesis import strategies as st

from platform_core.contract import Envelope
from tests.ingest.good_events import GOOD, TIME

AGENTS: Final = ("Mozilla/5.0", 'Mozilla "5.0"')
"""The fast query may take an event; it leaves one with an escaped character for a second look."""
TIMES: Final = (TIME, "2026-08-30T10:00:00.5Z", "2026-08-30T10:00:00Z")

NUMBERS: Final = (0, 1, -1, -0.0, 1.0, 1.5, 1e3, 1e400, 2**53 - 1, 2**53, 2**63, -(2**63), 10**30)
TEXTS: Final = (
    *(
        "",
        " ",
        "x",
        "null",
        "\t",
        "\n",
        '"',
        "\\",
        "\x7f",
        "\x01",
        "a\0b",
        "\\u0000",
        "é",
        "e\u0301",
    ),
    *("x" * 256, "x" * 257, "草" * 256, "草" * 257, "😀" * 256, "😀" * 257, "\n" * 256, '"' * 257),
    *("x" * 4096, "x" * 4097, "😀" * 4096, "😀" * 4097),
)
CHOICES: Final = (
    *(
        "CNY",
        "cny",
        "CNYX",
        "CNY\n",
        "ＣＮＹ",
        "install",
        "Install",
        "dismissed",
        "sivt",
        "ad_click",
    ),
    *(
        "1.0",
        "1",
        "shop",
        "Shop",
        "product.viewed",
        "product.viewed/1",
        "cart.added",
        "ad.clicked/1",
    ),
    *("203.0.113.7", "2001:db8:1:2::3", "999.1.1.1", "::", "fe80::1%eth0", "unknown"),
)
INSTANTS: Final = (
    *("2015-01-01T00:00:00Z", "2014-12-31T23:59:59.999999Z", "2026-09-01T23:59:59.999999Z"),
    *(
        "2026-09-02T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
    ),
    *(
        "2026-02-29T10:00:00Z",
        "2024-02-29T10:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-10T00:00:00Z",
    ),
    *("2026-08-30T24:00:00Z", "2026-08-30T23:60:00Z", "2026-08-30T23:59:60Z", "2026-08-30T10:00Z"),
    *(
        "2026-08-30T10:00:00",
        "2026-08-30T10:00:00z",
        "2026-08-30 10:00:00Z",
        "2026-08-30t10:00:00Z",
    ),
    *("2026-08-30T10:00:00+00:00", "2026-08-30T10:00:00+08:00", "2026-08-30T10:00:00-00:00"),
    *("2026-08-30T10:00:00.Z", "2026-08-30T10:00:00.1Z", "2026-08-30T10:00:00.1234567Z"),
    *(" 2026-08-30T10:00:00Z", "2026-08-30T10:00:00Z ", "2026-08-30T10:00:00Z\n", "infinity"),
    *("-2026-08-30T10:00:00Z", "+2026-08-30T10:00:00Z", "20260830T100000Z", "2026-W35-7T10:00:00Z"),
    *("２０２６-08-30T10:00:00Z", "2026-08-30T10:00:00.000000Z", "2026-08-30T24:00:00.000000Z"),
    *("2026-08-30T23:60:00.000000Z", "2026-08-30T23:59:60.000000Z", "2026-02-30T10:00:00.000000Z"),
    *("2015-01-01T00:00:00.000000Z", "2014-12-31T23:59:59.999999Z", "2026-08-30T1 :00:00.000000Z"),
)
DAYS: Final = (
    *(
        "2026-08-30",
        "2026-02-29",
        "2024-02-29",
        "2026-13-01",
        "2026-00-00",
        "0000-01-01",
        "0001-01-01",
    ),
    *(
        "9999-12-31",
        "2026-8-30",
        "20260830",
        "2026-08-30T00:00:00",
        "2026-08-30 ",
        "2026-242",
        "epoch",
    ),
)
NESTED: Final[tuple[Any, ...]] = (
    [],
    {},
    [None],
    [[]],
    ["x"],
    [""],
    [5],
    [{}],
    ["x", None],
    {"a": 1},
    list(DAYS),
)

STRANGE: Final = (None, True, False, *NUMBERS, *TEXTS, *CHOICES, *INSTANTS, *DAYS, *NESTED)

values = st.one_of(st.sampled_from(STRANGE), st.integers(), st.text(max_size=4))
EXTRAS: Final = ("ID", "Type", "DATA", "extra", "", "$", "a.b", '"', "产", "Product_Id", "price")


def paths(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place within an event, itself left out."""
    found: list[tuple[str | int, ...]] = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        found.append((*at, key))
        if isinstance(inner, dict | list):
            found += paths(inner, (*at, key))
    return found


PATHS: Final = [paths(good) for good in GOOD]


def each_once(agent: str) -> Iterator[bytes]:
    """Every place of every event: left out, written in capitals, and holding each strange value.

    The envelope is the same for all, so that only the first event which has all of it is broken
    there.
    """
    whole = next(good for good in GOOD if good.keys() >= Envelope.model_fields.keys())
    for good, places in zip(GOOD, PATHS, strict=True):
        for path in places:
            if len(path) > 1 or good is whole:
                yield from broken({**good, "useragent": agent}, path)


def broken(good: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[bytes]:
    """One place of an event, broken in every way."""
    for value in STRANGE:
        yield replaced(good, path, value)
    whole = copy.deepcopy(good)
    value = holder(whole, path).pop(path[-1])
    yield json.dumps(whole).encode()
    if isinstance(path[-1], str):
        holder(whole, path)[path[-1].upper()] = value
        yield json.dumps(whole).encode()


def replaced(good: dict[str, Any], path: tuple[str | int, ...], value: Any) -> bytes:
    whole = copy.deepcopy(good)
    holder(whole, path)[path[-1]] = value
    return json.dumps(whole, ensure_ascii=False).encode()


def holder(whole: Any, path: tuple[str | int, ...]) -> Any:
    """What holds the place, or None when an earlier change has taken it away."""
    for key in path[:-1]:
        try:
            whole = whole[key]
        except (KeyError, IndexError, TypeError):
            return None
    return whole


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """A good event with up to three changes."""
    number = draw(st.integers(0, len(GOOD) - 1))
    whole = copy.deepcopy(GOOD[number])
    whole |= {"time": draw(st.sampled_from(TIMES)), "useragent": draw(st.sampled_from(AGENTS))}
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3, 0)))):
        path = draw(st.sampled_from(PATHS[number]))
        change(draw, holder(whole, path), path[-1])
    return whole


def change(draw: st.DrawFn, inside: Any, key: str | int) -> None:
    """Drop, replace or rename one member, or add a stranger beside it."""
    what = draw(st.sampled_from(("replace", "replace", "replace", "drop", "rename", "add")))
    if isinstance(inside, list) and isinstance(key, int) and key < len(inside):
        if what == "drop":
            del inside[key]
        else:
            inside[key] = draw(values)
    elif isinstance(inside, dict) and isinstance(key, str):
        if what == "replace":
            inside[key] = draw(values)
        elif what == "add":
            inside[draw(st.sampled_from(EXTRAS))] = draw(values)
        elif what == "drop":
            inside.pop(key, None)
        elif key in inside:
            inside[key.upper()] = inside.pop(key)


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A changed event as one line of JSON, written in one of the ways in which JSON may be."""
    whole = draw(events())
    tight = draw(st.booleans())
    text = json.dumps(
        whole,
        ensure_ascii=draw(st.booleans()),
        separators=(",", ":") if tight else (" ,\t", " : "),
    )
    match draw(st.sampled_from(("plain", "plain", "plain", "escaped", "slashed", "padded"))):
        case "escaped":
            text = text.replace("o", "\\u006f")
        case "slashed":
            text = text.replace("/", "\\/")
        case "padded":
            text = f" \t{text}\r"
    return text.encode("utf-8", "surrogatepass")
