"""The head of every page: what it is about, how fresh it is, and the reader's account."""

from typing import get_args
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboards.brand.maturity import DECISIONS_SOURCE, Coverage
from dashboards.formats import Language, instant
from dashboards.parts.layout import apart, beside
from dashboards.preferences import Theme
from dashboards.visit import Visit, go_to
from pipelines.warehouse.release import Release

SIGN_OUT_SCRIPT = (
    "<script>fetch('/sign-out', {method: 'POST'})"
    ".then(() => window.location.assign('/sign-in'))</script>"
)
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def header(
    visit: Visit, title: str, release: Release | None = None, covered: Coverage | None = None
) -> None:
    """Title on the left, freshness and account on the right."""
    with apart():
        st.title(title, anchor=False, width="content")
        with beside():
            if release:
                freshness(visit, release, covered)
            account_menu(visit)


def freshness(visit: Visit, release: Release, covered: Coverage | None) -> None:
    """How far the data reaches and when it was published; the hover names each source."""
    zone = release.timezone
    sources = "\n".join(
        f"- {source}: {instant(at, zone)}"
        for source, at in sorted(release.watermarks.items())
        if source != DECISIONS_SOURCE
    )
    published = instant(release.created_at, zone)
    watermark = covered.watermark if covered else None
    reach = {"watermark": instant(watermark, zone), "published": published}
    st.badge(
        visit.say("fresh", **reach) if watermark else visit.say("published", published=published),
        icon=":material/schedule:",
        color="green",
        help=visit.say("fresh_help", number=release.number, timezone=zone, sources=sources),
    )


def account_menu(visit: Visit) -> None:
    """Language, theme and the way out."""
    say = visit.say
    with st.popover(visit.identity.login, icon=":material/account_circle:", type="tertiary"):
        st.caption(say(f"role.{visit.identity.role}"))
        language = st.segmented_control(
            say("language"),
            get_args(Language),
            default=visit.language,
            required=True,
            format_func=LANGUAGE_NAMES.__getitem__,
            key=f"language_{visit.language}",
        )
        shown: Theme = "dark" if visit.dark else "light"
        theme = st.segmented_control(
            say("theme"),
            get_args(Theme),
            default=shown,
            required=True,
            format_func=lambda code: say(f"theme.{code}"),
            key=f"theme_{shown}",
        )
        if st.button(say("sign_out"), icon=":material/logout:", width="stretch", key="sign_out"):
            st.html(SIGN_OUT_SCRIPT, unsafe_allow_javascript=True)
    if language != visit.language:
        go_to(_preferring("language", language))
    elif theme != shown:
        go_to(_preferring("theme", theme))


def _preferring(name: str, code: str) -> str:
    path = urlsplit(st.context.url or "/").path or "/"
    query = urlencode([(key, value) for key, value in st.query_params.items()])
    here = f"{path}?{query}" if query else path
    return "/preferences?" + urlencode({name: code, "next": here})
