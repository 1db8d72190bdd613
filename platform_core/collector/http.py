"""The collector's server: ``POST /events`` for apps that send behaviour themselves."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

import orjson
import sqlalchemy as sa
import uvicorn
from fastapi import Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import ClientDisconnect

from platform_core.collector.described import BATCH, DESCRIPTION, SINGLE, request_body, responses
from platform_core.collector.intake import Answer, Intake, TooManyEvents, Unreadable
from platform_core.collector.journal import NotWritten, recover
from platform_core.collector.keys import source_of
from platform_core.settings import Settings

MAX_BODY_BYTES: Final = 4 << 20
MOST_CONNECTIONS: Final = 64
SHUTDOWN_SECONDS: Final = 10
KEY: Final = HTTPBearer(auto_error=False, description="the key of your source")
LOG: Final = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class Declined(Exception):
    """A request whose body is not looked at."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


def utc_now() -> datetime:
    """The time by the machine's clock."""
    return datetime.now(UTC)


def serve(engine: sa.Engine, settings: Settings) -> None:
    """Run the collector until it is told to stop; what it has taken is in segments then."""
    uvicorn.run(
        create_app(engine, settings, clock=utc_now),
        host=settings.host,
        port=settings.collector_port,
        access_log=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def create_app(engine: sa.Engine, settings: Settings, *, clock: Clock) -> FastAPI:
    """The collector as an ASGI app; segments are closed while it lives, and when it ends."""
    app = FastAPI(
        title="Meadow collector",
        description=DESCRIPTION,
        lifespan=_living,
        docs_url=None,
        redoc_url=None,
    )
    app.state.engine = engine
    app.state.settings = settings
    app.state.clock = clock
    app.state.intake = Intake(settings.landing)
    app.add_api_route(
        "/events",
        collect,
        methods=["POST"],
        status_code=202,
        responses=responses(),
        openapi_extra=request_body(),
    )
    for problem in (Declined, Unreadable, TooManyEvents, NotWritten, ClientDisconnect):
        app.add_exception_handler(problem, _problem)
    return app


async def _source(
    request: Request, key: Annotated[HTTPAuthorizationCredentials | None, Depends(KEY)]
) -> str:
    engine = request.app.state.engine
    source = await run_in_threadpool(source_of, engine, key.credentials) if key else None
    if source is None:
        raise Declined(401, "no_key", "send the key of your source: Authorization: Bearer KEY")
    return source


async def collect(request: Request, source: Annotated[str, Depends(_source)]) -> Response:
    """Take one event, or a batch of them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (SINGLE, BATCH) or "content-encoding" in request.headers:
        raise Declined(415, "wrong_media_type", f"send {SINGLE} or {BATCH}, not compressed")
    body = await _body(request)
    state = request.app.state
    answer = await run_in_threadpool(
        state.intake.take, body, source, state.clock(), is_batch=kind == BATCH
    )
    return _json(_status(answer), asdict(answer))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Declined(413, "body_too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
    return bytes(body)


def _status(answer: Answer) -> int:
    if not answer.refused:
        return 202
    return 207 if answer.accepted else 422


async def _problem(_: Request, error: Exception) -> Response:
    status, code = 400, "disconnected"
    match error:
        case Declined():
            status, code = error.status, error.code
        case Unreadable():
            code = error.code
        case TooManyEvents():
            status, code = 413, "too_many_events"
        case NotWritten():
            LOG.error("%s", error)
            status, code = 503, "not_written"
    return _json(status, {"code": code, "detail": str(error)})


def _json(status: int, content: dict[str, Any]) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    await run_in_threadpool(recover, app.state.settings.landing, _today(app))
    closing = asyncio.create_task(_close_regularly(app))
    yield
    closing.cancel()
    with suppress(asyncio.CancelledError):
        await closing
    await run_in_threadpool(app.state.intake.close, _today(app))


async def _close_regularly(app: FastAPI) -> None:
    while True:
        await asyncio.sleep(app.state.settings.collector_segment_seconds)
        try:
            await run_in_threadpool(app.state.intake.close, _today(app))
        except OSError:
            LOG.exception("no segment was closed; it is tried again")


def _today(app: FastAPI) -> date:
    clock: Clock = app.state.clock
    return clock().astimezone(UTC).date()
