"""Language and theme: kept in cookies, read before anything is drawn."""

from collections.abc import Mapping
from typing import Literal, get_args

from dashboards.formats import Language
from dashboards.sessions import LANGUAGE_COOKIE, THEME_COOKIE

Theme = Literal["light", "dark"]


def language(cookies: Mapping[str, str], accepted: str) -> Language:
    """The chosen language, else the browser's first (its Accept-Language), else zh."""
    chosen = known_language(cookies.get(LANGUAGE_COOKIE, ""))
    if chosen:
        return chosen
    first = accepted.split(",")[0].strip().lower()
    return "zh" if not first or first.startswith("zh") else "en"


def theme(cookies: Mapping[str, str]) -> Theme | None:
    """The chosen theme; None leaves it to the reader's system."""
    return known_theme(cookies.get(THEME_COOKIE, ""))


def known_language(code: str) -> Language | None:
    """The code as a language, if it is one."""
    return next((known for known in get_args(Language) if known == code), None)


def known_theme(code: str) -> Theme | None:
    """The code as a theme, if it is one."""
    return next((known for known in get_args(Theme) if known == code), None)
