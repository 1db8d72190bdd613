"""One visit: who reads, in which language and theme, and when. Settled before anything is drawn."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
import streamlit as st

from dashboards import preferences
from dashboards.formats import Language
from dashboards.guard import sign_in_address
from dashboards.sessions import SESSION_COOKIE, platform, utc_now, whose
from dashboards.strings import Say, speaker
from platform_core.access import Identity
from platform_core.settings import settings

_KEPT: Final = "visit"


@dataclass(frozen=True)
class Visit:
    """Everything a page may ask about its reader."""

    identity: Identity
    language: Language
    dark: bool
    now: datetime
    platform: sa.Engine
    lake: Path

    @property
    def say(self) -> Say:
        return speaker(self.language)


def begin() -> Visit | None:
    """Check the session's row anew: the websocket's cookie may be older than its end."""
    identity = whose(st.context.cookies.get(SESSION_COOKIE))
    if identity is None:
        st.session_state.pop(_KEPT, None)
        return None
    visit = Visit(identity, chosen_language(), is_dark(), utc_now(), platform(), settings().lake)
    st.session_state[_KEPT] = visit
    return visit


def current() -> Visit:
    """The visit of this rerun, for page files."""
    visit = st.session_state[_KEPT]
    assert isinstance(visit, Visit)
    return visit


def chosen_language() -> Language:
    """The reader's language."""
    accepted = st.context.headers.get("Accept-Language") or ""
    return preferences.language(st.context.cookies, accepted)


def is_dark() -> bool:
    """Whether the page's ground is dark."""
    chosen = preferences.theme(st.context.cookies)
    return (chosen or st.context.theme.type) == "dark"


def to_sign_in() -> None:
    """Send the reader to the sign-in page, with the way back."""
    st.caption(speaker(chosen_language())("signed_out"))
    path = "/" + (st.context.url or "/").split("://")[-1].partition("/")[2]
    query = "&".join(f"{name}={value}" for name, value in st.query_params.items())
    go_to(sign_in_address(path, query))


def go_to(address: str) -> None:
    """Leave for another address of this site."""
    script = f"<script>window.location.assign({address!r})</script>"
    st.html(script, unsafe_allow_javascript=True)
