"""Quarantined lines are listed, mended by people, landed again, and then no longer listed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.defs.house import House
from pipelines.defs.mending import list_waiting
from pipelines.warehouse.ingest.quarantine import BadLine, NotMended, land_mended
from platform_core.access import entries
from platform_core.landing import last_sequence
from tests.events import CLOSED_ON, land, viewed
from tests.ingest.broken_lines import coded
from tests.ingest.reading import rows

NOW = datetime(2026, 8, 31, 8, tzinfo=UTC)
TIME = "2026-08-30T10:00:00Z"
BROKEN = viewed("v2", TIME, price_minor="9.95", note="two\u2028lines")


def listed(house: House, source: str | None = None, code: str | None = None) -> list[BadLine]:
    return list(list_waiting(house, source, code, None, now=NOW, raw=True))


def quarantined(house: House) -> list[BadLine]:
    """A lake into which a good, two broken and one mutilated line have gone."""
    mutilated = coded(viewed("v4", TIME)).replace(b"ann", b"\xe4\xf6\xfc")
    unknown = viewed("v3", TIME) | {"type": "cart.add", "dataschema": "cart.add/1"}
    land(house.settings.landing, viewed("v1", TIME), BROKEN, unknown, mutilated)
    house.ingest().all_sources()
    return listed(house)


def mend(line: BadLine, **changes: Any) -> str:
    """The line as it is listed, with another event as its raw line."""
    event = {**json.loads(line.raw), **changes}
    return json.dumps({**json.loads(line.as_json()), "raw": json.dumps(event, ensure_ascii=False)})


def land_again(house: House, path: Path, *texts: str) -> dict[str, int]:
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return land_mended(path, house.settings.landing, closed_on=CLOSED_ON)


def test_the_list_says_what_is_wrong_and_shows_the_line(meadow: House) -> None:
    price, kind, mutilated = quarantined(meadow)
    assert (price.quarantine_id, price.code, price.detail) == (
        "shop:1:2",
        "wrong_type",
        "data.price_minor",
    )
    assert (kind.code, kind.detail) == ("unknown_type", "'cart.add' (did you mean 'cart.added'?)")
    assert json.loads(json.loads(price.as_json())["raw"]) == BROKEN
    assert json.loads(mutilated.as_json()).keys() >= {"raw_base64"}


def test_the_list_can_be_narrowed_to_a_source_and_a_code(meadow: House) -> None:
    quarantined(meadow)
    land(meadow.settings.landing, b"broken", source="app")
    meadow.ingest().all_sources()
    assert [line.quarantine_id for line in listed(meadow, source="app")] == ["app:1:1"]
    assert [line.quarantine_id for line in listed(meadow, code="unknown_type")] == ["shop:1:3"]


def test_who_has_seen_raw_lines_is_written_down(meadow: House) -> None:
    quarantined(meadow)
    [entry] = entries(meadow.platform)
    assert (entry.action, entry.subject) == ("quarantine.viewed", "all sources")


def test_a_mended_line_is_accepted_and_no_longer_listed(meadow: House, tmp_path: Path) -> None:
    price, kind, mutilated = quarantined(meadow)
    data = {**BROKEN["data"], "price_minor": 995}
    mended = [mend(price, data=data), mend(kind, type="cart.added", dataschema="cart.added/1")]
    assert land_again(meadow, tmp_path / "mended", *mended) == {"shop": 2}
    report = meadow.ingest().all_sources()["shop"]
    assert (report.lines, report.accepted, report.quarantined) == (2, 2, 0)
    assert listed(meadow) == [mutilated]
    read = "SELECT event_id, mends FROM bronze.events WHERE mends IS NOT NULL ORDER BY event_id"
    assert rows(meadow, read) == [
        {"event_id": "v2", "mends": "shop:1:2"},
        {"event_id": "v3", "mends": "shop:1:3"},
    ]


def test_mended_lines_landed_twice_are_duplicates(meadow: House, tmp_path: Path) -> None:
    price, *_ = quarantined(meadow)
    for _ in range(2):
        land_again(meadow, tmp_path / "mended", mend(price, data={"product_id": "p1"}))
    report = meadow.ingest().all_sources()["shop"]
    assert (report.lines, report.accepted, report.duplicates) == (2, 1, 1)


STILL_WRONG: list[tuple[dict[str, Any], str]] = [
    ({"time": "9999-01-01T00:00:00Z"}, r"impossible_time: time"),
    ({"source": "app"}, "source_mismatch: app"),
    ({"type": "cart.ad", "dataschema": "cart.ad/1"}, r"'cart.ad' \(did you mean 'cart.added'"),
    ({"id": "\ud800"}, "expected an object with quarantine_id"),
    ({}, r"wrong_type: data\.price_minor"),
]


def test_a_line_that_is_still_wrong_is_refused_and_nothing_lands(
    meadow: House, tmp_path: Path
) -> None:
    price, kind, _ = quarantined(meadow)
    right = mend(kind, type="cart.added", dataschema="cart.added/1")
    for changes, message in STILL_WRONG:
        with pytest.raises(NotMended, match=rf"mended line 2: .*{message}.*nothing was landed"):
            land_again(meadow, tmp_path / "mended", right, mend(price, **changes))
    assert last_sequence(meadow.settings.landing, "shop") == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        '{"quarantine_id": "shop:1:2"}',
        '{"quarantine_id": "shop:1:2", "raw": "cut'[:-1],
        '{"quarantine_id": "shop:1:2", "raw": "[]"}',
        '{"quarantine_id": "shop", "raw": "{}"}',
        '{"quarantine_id": "../shop:1:2", "raw": "{}"}',
        '{"quarantine_id": "sh\'op:1:2", "raw": "{}"}',
        '{"quarantine_id": 5, "raw": "{}"}',
    ],
)
def test_a_file_that_is_not_as_it_was_listed_is_refused(
    meadow: House, tmp_path: Path, text: str
) -> None:
    with pytest.raises(NotMended, match="mended line 1: expected an object with quarantine_id"):
        land_again(meadow, tmp_path / "mended", text)
    assert not meadow.settings.landing.exists()


def test_a_file_that_cannot_be_read_is_refused(meadow: House, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe4")
    for name in ("latin", "missing"):
        with pytest.raises(NotMended, match=f"{name}: not a readable file in UTF-8"):
            land_mended(tmp_path / name, meadow.settings.landing, closed_on=CLOSED_ON)
