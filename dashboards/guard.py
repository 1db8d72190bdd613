"""One guard before everything: pages, media, uploads and the websocket need a running session."""

from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.sessions import SESSION_COOKIE, whose
from platform_core.access import Identity

OPEN_PATHS: Final = frozenset({"/sign-in", "/favicon.png", "/_stcore/health", "/robots.txt"})
OPEN_FOLDERS: Final = ("/static/",)  # Streamlit's own scripts, styles and fonts: the same for all
ROLE_PAGES: Final = {"/brand": "brand", "/review": "reviewer"}
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


class Guard:
    """ASGI middleware: whoever is not signed in gets the sign-in page, or nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or is_open(scope["path"]):
            await self.app(scope, receive, _with_headers(send))
            return
        connection = HTTPConnection(scope)
        identity = await run_in_threadpool(whose, connection.cookies.get(SESSION_COOKIE))
        refusal = _refusal(connection, identity)
        if refusal is None:
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "sign in first"})
        else:
            await refusal(scope, receive, _with_headers(send))


def is_open(path: str) -> bool:
    """Whether a path is for everybody; anything unknown is not."""
    inside = path.startswith(OPEN_FOLDERS) and ".." not in path
    return path in OPEN_PATHS or inside


def sign_in_address(path: str, query: str) -> str:
    """The sign-in page's address, with the way back to what was asked for."""
    wanted = f"{path}?{query}" if query else path
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"


def _refusal(connection: HTTPConnection, identity: Identity | None) -> Response | None:
    url: URL = connection.url
    if identity is None:
        if _wants_page(connection):
            return RedirectResponse(sign_in_address(url.path, url.query), status_code=303)
        return PlainTextResponse("sign in first", status_code=401)
    if ROLE_PAGES.get(url.path, identity.role) != identity.role:
        return RedirectResponse("/", status_code=303)
    return None


def _wants_page(connection: HTTPConnection) -> bool:
    is_get = connection.scope.get("method") in {"GET", "HEAD"}
    return is_get and "text/html" in connection.headers.get("accept", "")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
