"""A collector that listens, and an app that sends to it."""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI

from tests.events import event

NOW: Final = datetime(2026, 8, 31, 8, tzinfo=UTC)
TIME: Final = "2026-08-30T10:00:00.000000Z"
SINGLE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"


def listening() -> socket.socket:
    """A free port; whoever connects waits until somebody serves it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The app behind a real socket; its address."""
    with listening() as listener:
        server = uvicorn.Server(uvicorn.Config(app, ws="none", log_config=None))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class App:
    """An app with a key (or none) that sends what it likes."""

    def __init__(self, address: str, key: str | None) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=address, headers=headers, trust_env=False)

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def send(self, *events: Any) -> httpx.Response:
        """A batch of these events."""
        return self.post(json.dumps(events).encode())

    def send_lines(self, lines: Sequence[bytes]) -> httpx.Response:
        """A batch of events that are JSON already."""
        return self.post(b"[" + b",".join(lines) + b"]")

    def post(self, body: bytes, kind: str = BATCH, **headers: str) -> httpx.Response:
        told = {"Content-Type": kind, **headers}
        return self.http.post("/events", content=body, headers=told)


def read(id_: str, *, source: str = "shop", **changes: Any) -> dict[str, Any]:
    """Ann read a note; ``changes`` are attributes of the envelope or fields of the data."""
    data = {"note_id": "n1", "surface": "feed", "dwell_ms": 900, "actorid": "ann", **changes}
    return event("note.read", id_, data.pop("time", TIME), source=source, **data)
