"""The routes before the pages: sign in, sign out, and a reader's preferences."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards import preferences
from dashboards.guard import ROLE_PAGES
from dashboards.sessions import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    THEME_COOKIE,
    platform,
    utc_now,
    whose,
)
from dashboards.strings import speaker
from platform_core.access import SignInRefused, sign_in, sign_out
from platform_core.access.sessions import SESSION_LIFE
from platform_core.settings import settings

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PREFERENCE_SECONDS: Final = 365 * 86_400
MOST_LOGIN_LETTERS: Final = 200
THEMED_PATHS: Final = ("/", *ROLE_PAGES)
# Streamlit keeps the reader's theme per path under this key (streamlit 1.67, static/js/utils).
THEME_SCRIPT: Final = Template("""<!doctype html><meta charset="utf-8"><script>
for (const path of $paths) localStorage.setItem(`stActiveTheme-$${path}-v2`, '"$theme"');
location.replace("$next");
</script>""")


async def show(request: Request) -> Response:
    """The sign-in page; whoever is signed in already goes on."""
    wanted = local(request.query_params.get("next", "/"))
    if await run_in_threadpool(whose, request.cookies.get(SESSION_COOKIE)):
        return RedirectResponse(wanted, status_code=303)
    response = _page(request, wanted)
    chosen = preferences.known_language(request.query_params.get("language", ""))
    if chosen:
        _remember(response, LANGUAGE_COOKIE, chosen)
    return response


async def enter(request: Request) -> Response:
    """Check the password and set the session's cookie."""
    if not same_origin(request):
        return PlainTextResponse("this form belongs to another site", status_code=403)
    form = await request.form()
    login = str(form.get("login", ""))[:MOST_LOGIN_LETTERS]
    wanted = local(str(form.get("next", "/")))
    try:
        password = str(form.get("password", ""))
        token = await run_in_threadpool(sign_in, platform(), login, password, utc_now())
    except SignInRefused:
        return _page(request, wanted, login=login, refused=True)
    response = RedirectResponse(wanted, status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )
    return response


async def leave(request: Request) -> Response:
    """End the session, in the database and in the browser."""
    if not same_origin(request):
        return PlainTextResponse("this request comes from another site", status_code=403)
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        await run_in_threadpool(sign_out, platform(), token, utc_now())
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return response


async def prefer(request: Request) -> Response:
    """Keep a language or a theme, and go back."""
    wanted = local(request.query_params.get("next", "/"))
    language = preferences.known_language(request.query_params.get("language", ""))
    theme = preferences.known_theme(request.query_params.get("theme", ""))
    if theme:
        values = {"theme": theme.title(), "next": wanted, "paths": list(THEMED_PATHS)}
        response: Response = HTMLResponse(THEME_SCRIPT.substitute(values))
        _remember(response, THEME_COOKIE, theme)
    else:
        response = RedirectResponse(wanted, status_code=303)
    if language:
        _remember(response, LANGUAGE_COOKIE, language)
    return response


ROUTES: Final = [
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", enter, methods=["POST"]),
    Route("/sign-out", leave, methods=["POST"]),
    Route("/preferences", prefer, methods=["GET"]),
]


def local(address: str) -> str:
    """The address if it leads into this site, else the home page."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address
    if parts.scheme or parts.netloc or not inside or not address.isprintable():
        return "/"
    return quote(address, safe="/?&=%+,:@~-._")


def same_origin(request: Request) -> bool:
    """Whether a form was sent from one of our own pages."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _page(request: Request, wanted: str, *, login: str = "", refused: bool = False) -> HTMLResponse:
    asked = preferences.known_language(request.query_params.get("language", ""))
    language = asked or preferences.language(
        request.cookies, request.headers.get("accept-language", "")
    )
    say = speaker(language)
    theme = preferences.theme(request.cookies)
    here = f"/sign-in?next={quote(wanted, safe='')}"
    problem = f'<p class="refused" role="alert">{escape(say("sign_in.refused"))}</p>'
    page = _template().substitute(
        lang="zh-CN" if language == "zh" else "en",
        title=escape(say("sign_in")),
        lead=escape(say("sign_in.lead")),
        login_label=escape(say("sign_in.login")),
        password_label=escape(say("sign_in.password")),
        refused=problem if refused else "",
        next=escape(wanted),
        login=escape(login),
        dark_rule="@media (prefers-color-scheme: dark)" if theme is None else "@media all",
        dark_scope=".never" if theme == "light" else "",
        zh_href=escape(f"{here}&language=zh"),
        en_href=escape(f"{here}&language=en"),
        zh_current='aria-current="true"' if language == "zh" else "",
        en_current='aria-current="true"' if language == "en" else "",
    )
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(page, status_code=401 if refused else 200, headers=headers)


def _remember(response: Response, cookie: str, value: str) -> None:
    response.set_cookie(cookie, value, max_age=PREFERENCE_SECONDS, httponly=True, samesite="lax")


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("sign_in.html").read_text(encoding="utf-8"))
