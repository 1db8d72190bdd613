"""``POST /events``: what is right is durable before the answer, and the rest is told why not."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from platform_core.collector.http import MAX_BODY_BYTES, create_app
from platform_core.collector.intake import MAX_EVENTS
from platform_core.collector.keys import issue_key, revoke_keys
from platform_core.database import connect
from platform_core.landing import segments
from platform_core.settings import Settings
from tests.platform_core.collecting import NOW, SINGLE, App, read, serving


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "var", collector_segment_seconds=3600, _env_file=None)


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The collector only looks keys up: one database says all."""
    engine = connect(settings.platform_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(engine: sa.Engine, settings: Settings) -> FastAPI:
    return create_app(engine, settings, clock=lambda: NOW)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def shop(engine: sa.Engine, address: str) -> Iterator[App]:
    """The app of source ``shop``."""
    with App(address, issue_key(engine, "shop", NOW)) as sender:
        yield sender


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Source ``shop`` at a collector that tests share into which they bring nothing."""
    settings = Settings(home=tmp_path_factory.mktemp("asked"), _env_file=None)
    engine = connect(settings.platform_url)
    key = issue_key(engine, "shop", NOW)
    app = create_app(engine, settings, clock=lambda: NOW)
    with serving(app) as address, App(address, key) as sender:
        yield sender
    engine.dispose()


def journalled(settings: Settings) -> list[dict[str, Any]]:
    """Events on disk that are in no segment yet."""
    files = sorted((settings.landing / "shop").glob(".journal-*"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def landed(settings: Settings, source: str = "shop") -> list[dict[str, Any]]:
    closed = segments(settings.landing, source)
    return [json.loads(line) for segment in closed for line in segment.read().splitlines()]


def refusals(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(r["index"], r["id"], r["code"], r["field"]) for r in answer["refused"]]


def test_a_batch_is_on_disk_before_the_answer(shop: App, settings: Settings) -> None:
    sent = [read("e1"), read("e2", surface="search")]
    answer = shop.send(*sent)
    assert (answer.status_code, answer.json()) == (202, {"accepted": ["e1", "e2"], "refused": []})
    assert journalled(settings) == sent
    assert landed(settings) == []


def test_what_was_accepted_becomes_a_segment_when_the_collector_ends(
    app: FastAPI, engine: sa.Engine, settings: Settings
) -> None:
    key = issue_key(engine, "shop", NOW)
    with serving(app) as address, App(address, key) as shop:
        shop.send(read("e1"))
        shop.send(read("e2"))
    [segment] = segments(settings.landing, "shop")
    assert segment.closed_on == NOW.date()
    assert [event["id"] for event in landed(settings)] == ["e1", "e2"]
    assert journalled(settings) == []


def test_segments_are_closed_while_the_collector_lives(engine: sa.Engine, tmp_path: Path) -> None:
    hasty = Settings(home=tmp_path / "hasty", collector_segment_seconds=0.01, _env_file=None)
    key = issue_key(engine, "shop", NOW)
    with (
        serving(create_app(engine, hasty, clock=lambda: NOW)) as address,
        App(address, key) as shop,
    ):
        shop.send(read("e1"))
        while not landed(hasty):
            shop.send()  # nothing; it takes its time
    assert [event["id"] for event in landed(hasty)] == ["e1"]


def test_a_single_event_comes_without_a_batch(shop: App, settings: Settings) -> None:
    answer = shop.post(json.dumps(read("e1")).encode(), f"{SINGLE}; charset=utf-8")
    assert (answer.status_code, answer.json()["accepted"]) == (202, ["e1"])
    answer = shop.post(json.dumps(read("e2", dwell_ms="9")).encode(), SINGLE)
    assert (answer.status_code, refusals(answer.json())) == (
        422,
        [(0, "e2", "wrong_type", "data.dwell_ms")],
    )
    assert [event["id"] for event in journalled(settings)] == ["e1"]


def test_an_event_keeps_what_the_contract_does_not_know_yet(shop: App, settings: Settings) -> None:
    sent = {**read("e1", mood="☀"), "traceparent": "00-1"}
    assert shop.send(sent).status_code == 202
    assert journalled(settings) == [sent]


def test_of_a_mixed_batch_what_is_right_comes_in(shop: App, settings: Settings) -> None:
    answer = shop.send(read("e1"), 5, read("e2", dwell_ms=-1), read("e3"))
    assert (answer.status_code, answer.json()["accepted"]) == (207, ["e1", "e3"])
    assert refusals(answer.json()) == [
        (1, None, "not_an_object", None),
        (2, "e2", "out_of_range", "data.dwell_ms"),
    ]
    assert [event["id"] for event in journalled(settings)] == ["e1", "e3"]


CARD = {"kind": "note", "item_id": "n", "slot": "s", "position": 1, "score": 1.5, "reason": "r"}


def served(id_: str, **changes: Any) -> dict[str, Any]:
    whole = read(id_, ranker="r/1", request_id="r1", cards=[CARD, {**CARD, **changes}])
    return {**whole, "type": "cards.served", "dataschema": "cards.served/1"}


@pytest.mark.parametrize(
    ("event", "code", "field", "detail"),
    [
        ({**read("e"), "id": 5}, "wrong_type", "id", "valid string"),
        ({**read("e"), "id": ""}, "invalid_value", "id", "at least 1 character"),
        ({**read("e"), "specversion": "0.3"}, "invalid_value", "specversion", "'1.0'"),
        ({**read("e"), "data": []}, "wrong_type", "data", "valid dictionary"),
        (read("e", note_id=None), "missing_field", "data.note_id", "valid string"),
        (read("e", surface="moon"), "invalid_value", "data.surface", "'feed', 'search'"),
        (read("e", dwell_ms=True), "wrong_type", "data.dwell_ms", "valid integer"),
        (served("e", position=0), "out_of_range", "data.cards[].position", "equal to 1"),
        (served("e", kind=1), "wrong_type", "data.cards[].kind", "'note', 'product'"),
        (read("e", time="2026-13-01T00:00:00Z"), "invalid_time", "time", "month must be"),
        (read("e", time="yesterday"), "invalid_time", "time", "match pattern"),
        (read("e", time="2026-09-02T00:00:00Z"), "impossible_time", "time", "to come"),
        (read("e", time="2014-12-31T23:59:59Z"), "impossible_time", "time", "long past"),
        (read("e", source="app"), "source_mismatch", "source", "that of source 'shop'"),
        (
            {**read("e"), "type": "note.raed", "dataschema": "note.raed/1"},
            "unknown_type",
            "type",
            "did you mean 'note.read'?",
        ),
        (
            {**read("e"), "type": "order.paid", "dataschema": "order.paid/1"},
            "not_collected",
            "type",
            "only the platform's own services",
        ),
        ({**read("e"), "dataschema": "note.read/2"}, "unknown_version", "dataschema", "no such"),
        (
            {**read("e"), "dataschema": "topic.viewed/1"},
            "unknown_version",
            "dataschema",
            "no such",
        ),
        (read("e", note_id="a\0b"), "control_character", None, "\\u0000"),
        (read("e", note="x" * 1_048_576), "line_too_long", None, "at most 1048576"),
        (
            {
                **read("e", price_minor=-5, product_id="p"),
                "type": "product.viewed",
                "dataschema": "product.viewed/1",
            },
            "negative_money",
            "data.price_minor",
            "equal to 0",
        ),
    ],
)
def test_every_refusal_says_what_and_where(
    asker: App, event: dict[str, Any], code: str, field: str | None, detail: str
) -> None:
    answer = asker.send(event)
    assert answer.status_code == 422
    [refused] = answer.json()["refused"]
    assert (refused["code"], refused["field"]) == (code, field)
    assert detail in refused["detail"]


def test_an_event_that_is_nested_too_deeply_is_refused(asker: App) -> None:
    deep = json.dumps(read("e1", mood=5)).replace("5}", "[" * 400 + "]" * 400 + "}")
    [refused] = asker.send_lines([deep.encode()]).json()["refused"]
    assert (refused["id"], refused["code"]) == ("e1", "nested_too_deeply")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"[{]", 400, "not_json"),
        (b"[NaN]", 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b'["\xff"]', 400, "invalid_utf8"),
        (b'["\\ud83d"]', 400, "not_json"),
        (b"{}", 400, "not_an_array"),
        (b"[" + b"1," * MAX_EVENTS + b"1]", 413, "too_many_events"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "body_too_large"),
        (gzip.compress(b"[]", mtime=0), 400, "invalid_utf8"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_as_a_whole(
    asker: App, body: bytes, status: int, code: str
) -> None:
    answer = asker.post(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_without_a_length_is_cut_off_all_the_same(asker: App) -> None:
    portions = (b" " * 65_536 for _ in range(MAX_BODY_BYTES // 65_536 + 1))
    headers = {"Content-Type": SINGLE}
    answer = asker.http.post("/events", content=portions, headers=headers)
    assert answer.json()["code"] == "body_too_large"


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/json"}])
def test_other_media_types_are_refused(asker: App, headers: dict[str, str]) -> None:
    answer = asker.http.post("/events", content=b"[]", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_media_type")


def test_a_compressed_body_is_refused(asker: App) -> None:
    answer = asker.post(gzip.compress(b"[]", mtime=0), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_without_a_key_that_is_valid_nothing_comes_in(
    shop: App, address: str, engine: sa.Engine, settings: Settings
) -> None:
    assert revoke_keys(engine, "shop", NOW) == 1
    with App(address, None) as nobody, App(address, "meadow_guess") as guesser:
        for sender in (shop, nobody, guesser):
            answer = sender.send(read("e1"))
            assert (answer.status_code, answer.json()["code"]) == (401, "no_key")
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert journalled(settings) == []


def test_nobody_is_told_that_a_full_disk_took_something(
    shop: App, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.send(read("e1"))
    with monkeypatch.context() as broken:
        broken.setattr("platform_core.collector.journal.os.fsync", _no_space)
        answer = shop.send(read("e2"))
    assert (answer.status_code, answer.json()["code"]) == (503, "not_written")
    shop.send(read("e3"))
    assert [event["id"] for event in journalled(settings)] == ["e1", "e3"]


def _no_space(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_openapi_tells_of_every_answer(asker: App) -> None:
    page = asker.http.get("/openapi.json").json()
    told = page["paths"]["/events"]["post"]
    assert set(told["responses"]) == {"202", "207", "400", "401", "413", "415", "422", "503"}
    [scheme] = page["components"]["securitySchemes"].values()
    assert scheme["scheme"] == "bearer"
