"""Behaviour is collected in process: frames become lines, lines become segments."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import run
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from pipelines.defs.house import House
from platform_core.collector import Collector, encode, segments
from platform_core.collector.keys import issue_key, revoke_keys, source_of
from platform_core.contract.events.behaviour import CardsServed, NoteImpressed, NoteRead
from platform_core.landing import segments as closed_segments
from platform_core.tables.collector import collector_keys

AT = datetime(2026, 8, 30, 10, 0, 0, 250_000, tzinfo=UTC)
CLOSED_ON = date(2026, 8, 31)
CARD = {
    "kind": "note",
    "item_id": "n1",
    "slot": "interest",
    "position": 1,
    "score": 0.5,
    "reason": "liked_topic",
}


def read(event_id: str, **changes: Any) -> dict[str, Any]:
    """A row of NoteRead by ann on her phone; a change to None makes a null."""
    row = {
        "event_id": event_id,
        "occurred_at": AT,
        "actor_id": "ann",
        "device_id": "phone",
        "session_id": "s1",
        "ip": "203.0.113.7",
        "user_agent": "Meadow/1",
        "note_id": "n1",
        "request_id": "r1",
        "surface": "feed",
        "dwell_ms": 1_500,
    }
    return {**row, **changes}


def encoded(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    lines = encode(NoteRead, pl.DataFrame(rows, infer_schema_length=None))
    return [json.loads(line) for line in lines]


def landed(landing: Path, source: str = "app") -> list[bytes]:
    return [line for s in closed_segments(landing, source) for line in s.read().splitlines()]


def test_a_row_becomes_an_event_of_the_contract() -> None:
    assert encoded(read("e1")) == [
        {
            "specversion": "1.0",
            "id": "e1",
            "source": "app",
            "type": "note.read",
            "time": "2026-08-30T10:00:00.250000Z",
            "dataschema": "note.read/1",
            "data": {"note_id": "n1", "request_id": "r1", "surface": "feed", "dwell_ms": 1_500},
            "actorid": "ann",
            "deviceid": "phone",
            "sessionid": "s1",
            "ip": "203.0.113.7",
            "useragent": "Meadow/1",
        }
    ]


def test_nulls_are_left_out_and_the_order_of_rows_stays() -> None:
    events = encoded(
        read("e1"), read("e2", actor_id=None), read("e3"), read("e4", request_id=None), read("e5")
    )
    assert [event["id"] for event in events] == ["e1", "e2", "e3", "e4", "e5"]
    assert ["actorid" in event for event in events] == [True, False, True, True, True]
    assert ["request_id" in event["data"] for event in events] == [True, True, True, False, True]


def test_texts_come_back_as_they_were() -> None:
    strange = 'say "草地"\\\n\t\x01 😀 </x>'
    [event] = encoded(read("e1", user_agent=strange, note_id=strange))
    assert (event["useragent"], event["data"]["note_id"]) == (strange, strange)


def test_nested_cards_are_written_whole() -> None:
    row = {
        "event_id": "e1",
        "occurred_at": AT,
        "request_id": "r1",
        "surface": "feed",
        "ranker": "town/1",
        "cards": [CARD, {**CARD, "position": 2}],
    }
    empty = {**row, "event_id": "e2", "cards": []}
    frame = pl.DataFrame([row, empty]).with_columns(pl.col("occurred_at").cast(pl.Datetime("ms")))
    first, second = (json.loads(line)["data"]["cards"] for line in encode(CardsServed, frame))
    assert (first, second) == ([CARD, {**CARD, "position": 2}], [])


def test_narrow_types_are_cast_to_the_contracts() -> None:
    frame = pl.DataFrame([read("e1")]).with_columns(
        pl.col("dwell_ms").cast(pl.Int32), pl.col("surface").cast(pl.Enum(["feed", "search"]))
    )
    assert json.loads(encode(NoteRead, frame)[0])["data"]["surface"] == "feed"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"note_id": None}, "note.read: note_id has nulls"),
        ({"occurred_at": None}, "note.read: occurred_at has nulls"),
        ({"mood": "good"}, "note.read: unknown column mood; known: actor_id, "),
    ],
)
def test_a_frame_that_cannot_be_right_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        encoded(read("e1"), read("e2", **change))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match=r"note.read: the frame has no column dwell_ms, surface"):
        encode(NoteRead, pl.DataFrame([read("e1")]).drop("dwell_ms", "surface"))


def test_numbers_that_json_cannot_say_are_refused() -> None:
    card = {**CARD, "score": float("nan")}
    rows = [{"event_id": "e1", "occurred_at": AT, "request_id": "r", "surface": "feed"}]
    frame = pl.DataFrame(rows).with_columns(ranker=pl.lit("town/1"), cards=pl.lit([card]))
    with pytest.raises(ValueError, match="cards has numbers that are not finite"):
        encode(CardsServed, frame)


def test_no_rows_are_no_lines(tmp_path: Path) -> None:
    lines = encode(NoteRead, pl.DataFrame([read("e1")]).clear())
    collector = Collector(tmp_path)
    collector.write(lines, CLOSED_ON)
    collector.close(CLOSED_ON)
    assert len(lines) == 0
    assert closed_segments(tmp_path, "app") == []


def test_what_was_written_is_closed_in_its_order(tmp_path: Path) -> None:
    collector = Collector(tmp_path)
    collector.write(pl.Series(["一", "b"]), CLOSED_ON)
    assert closed_segments(tmp_path, "app") == []
    collector.write([b"c", b"\xff"], CLOSED_ON)
    collector.close(CLOSED_ON)
    collector.close(CLOSED_ON)
    [segment] = closed_segments(tmp_path, "app")
    assert segment.read() == "一\nb\nc\n".encode() + b"\xff\n"
    assert segment.closed_on == CLOSED_ON


def test_a_full_segment_is_closed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "PORTION_LINES", 10)
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 20)
    collector = Collector(tmp_path)
    lines = [b"%d" % number for number in range(35)]
    collector.write(lines, CLOSED_ON)
    assert [s.sequence for s in closed_segments(tmp_path, "app")] == [1, 2, 3]
    collector.close(CLOSED_ON)
    assert landed(tmp_path) == lines


@pytest.mark.parametrize("wrong", [b"two\nlines", b"x" * 1_048_577])
def test_a_line_that_would_not_be_one_is_refused(tmp_path: Path, wrong: bytes) -> None:
    collector = Collector(tmp_path)
    for lines in ([wrong], pl.Series([wrong.decode()])):
        with pytest.raises(ValueError, match="a line"):
            collector.write(lines, CLOSED_ON)
    collector.close(CLOSED_ON)
    assert landed(tmp_path) == []


def test_ingest_accepts_what_was_collected(meadow: House) -> None:
    base = {"occurred_at": AT, "note_id": "n1", "request_id": "r1", "surface": "feed"}
    shown = pl.DataFrame([{**base, "event_id": f"i{n}", "position": n + 1} for n in range(30)])
    collector = Collector(meadow.settings.landing)
    collector.write(encode(NoteImpressed, shown), CLOSED_ON)
    collector.write(encode(NoteRead, pl.DataFrame([read("e1"), read("e2", ip=None)])), CLOSED_ON)
    collector.close(CLOSED_ON)
    report = meadow.ingest().all_sources()["app"]
    assert (report.lines, report.accepted) == (32, 32)


def test_collecting_in_process_loads_no_server() -> None:
    program = "import platform_core.collector, sys; sys.exit('fastapi' in sys.modules)"
    assert run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_key_opens_for_its_source_until_it_is_revoked(engine: sa.Engine) -> None:
    first, second = issue_key(engine, "shop", AT), issue_key(engine, "shop", AT)
    other = issue_key(engine, "app", AT)
    assert [source_of(engine, key) for key in (first, second, other)] == ["shop", "shop", "app"]
    assert revoke_keys(engine, "shop", AT) == 2
    assert revoke_keys(engine, "shop", AT) == 0
    assert [source_of(engine, key) for key in (first, second, other)] == [None, None, "app"]
    assert source_of(engine, "") is None


def test_a_key_is_kept_as_a_digest_only(engine: sa.Engine) -> None:
    key = issue_key(engine, "shop", AT)
    with engine.connect() as connection:
        kept = str(connection.execute(sa.select(collector_keys)).all())
    assert "shop" in kept
    assert key not in kept


@pytest.mark.parametrize("source", ["", "Shop", "../shop", "platform"])
def test_not_every_name_may_send(engine: sa.Engine, source: str) -> None:
    with pytest.raises(ValueError, match=f"source '{source}'"):
        issue_key(engine, source, AT)
