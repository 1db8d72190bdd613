"""What happens to a request's body: read, checked event by event, and made durable."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Final

import orjson

from platform_core.collector.checking import Refused, checked
from platform_core.collector.journal import Journal
from platform_core.collector.segments import SEGMENT_BYTES
from platform_core.contract.fields import MAX_ID_LENGTH

MAX_EVENTS: Final = 10_000
READERS: Final = 2  # bodies that are taken apart at once: each may take 30 times its size


class Unreadable(ValueError):
    """Nothing of the body can be read; ``code`` says why in one word."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class TooManyEvents(ValueError):
    """The batch holds more events than may come at once."""


@dataclass(frozen=True)
class RefusedEvent:
    """An event that did not come in; ``index`` is its place in the batch, from 0."""

    index: int
    id: str | None
    code: str
    field: str | None
    detail: str


@dataclass(frozen=True)
class Answer:
    """Ids of the events that are durable now, and why the others are not."""

    accepted: list[str]
    refused: list[RefusedEvent]


class Intake:
    """Takes events of all sources into their journals, from however many threads."""

    def __init__(self, landing: Path) -> None:
        self._landing = landing
        self._journals: dict[str, Journal] = {}
        self._opening = Lock()
        self._reading = BoundedSemaphore(READERS)

    def take(self, body: bytes, source: str, now: datetime, *, is_batch: bool) -> Answer:
        """Take what is right of one request; it is durable when this returns.

        Raises:
            Unreadable: the body is no JSON, or no array where one was announced.
            TooManyEvents: there are more than ``MAX_EVENTS``.
            NotWritten: the disk is full or broken; nothing was accepted.
        """
        with self._reading:
            answer, lines = _sorted_out(_events(body, is_batch), source, now)
        if lines:
            journal = self._journal(source)
            journal.append(lines)
            if journal.size >= SEGMENT_BYTES:
                journal.close(now.astimezone(UTC).date())
        return answer

    def close(self, closed_on: date) -> None:
        """Make segments of what was taken until now."""
        for journal in list(self._journals.values()):
            journal.close(closed_on)

    def _journal(self, source: str) -> Journal:
        with self._opening:
            return self._journals.setdefault(source, Journal(self._landing, source))


def _events(body: bytes, is_batch: bool) -> list[object]:
    try:
        body.decode()
        sent = orjson.loads(body)
    except UnicodeDecodeError as error:
        raise Unreadable("invalid_utf8", str(error)) from error
    except orjson.JSONDecodeError as error:
        raise Unreadable("not_json", str(error)) from error
    if not is_batch:
        return [sent]
    if not isinstance(sent, list):
        raise Unreadable("not_an_array", "a batch is a JSON array of events")
    if len(sent) > MAX_EVENTS:
        raise TooManyEvents(f"{len(sent)} events; at most {MAX_EVENTS} may come at once")
    return sent


def _sorted_out(events: list[object], source: str, now: datetime) -> tuple[Answer, bytes]:
    accepted, refused = [], []
    for index, event in enumerate(events):
        outcome = checked(event, source, now)
        if isinstance(outcome, Refused):
            refused.append(RefusedEvent(index, _id(event), **vars(outcome)))
        else:
            accepted.append(outcome)
    lines = b"".join(event.line + b"\n" for event in accepted)
    return Answer([event.id for event in accepted], refused), lines


def _id(event: object) -> str | None:
    id_ = event.get("id") if isinstance(event, dict) else None
    return id_ if isinstance(id_, str) and len(id_) <= MAX_ID_LENGTH else None
