"""Who is behind a cookie: one place for the guard, the sign-in routes and the pages."""

from datetime import UTC, datetime
from functools import cache
from typing import Final

import sqlalchemy as sa

from platform_core.access import Identity, identify
from platform_core.database import connect
from platform_core.settings import settings

SESSION_COOKIE: Final = "meadow_session"
LANGUAGE_COOKIE: Final = "meadow_language"
THEME_COOKIE: Final = "meadow_theme"


@cache
def platform() -> sa.Engine:
    """The platform's database; one engine a process."""
    return connect(settings().platform_url)


def utc_now() -> datetime:
    """The clock of this floor: read once a request, then passed on."""
    return datetime.now(UTC)


def whose(token: str | None) -> Identity | None:
    """Whose running session the token belongs to."""
    return identify(platform(), token, utc_now()) if token else None
