"""The dashboards as one ASGI app: ``streamlit run dashboards/asgi.py``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import Route

from dashboards.guard import Guard
from dashboards.sessions import platform
from dashboards.sign_in import ROUTES

HERE: Final = Path(__file__).parent
HEAVY: Final = (
    "pandas",
    "pyarrow",
    "polars",
    "duckdb",
    "altair",
    "dashboards.parts.brand_sections",
)


async def icon(_: object) -> FileResponse:
    """The site's icon."""
    return FileResponse(HERE / "icon.png")


@asynccontextmanager
async def warmed_up(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Import what the first page needs before the first reader waits for it."""
    await asyncio.to_thread(_warm_up)
    yield {}


def _warm_up() -> None:
    platform()
    for name in HEAVY:
        import_module(name)


app = st.App(
    HERE / "app.py",
    routes=[*ROUTES, Route("/favicon.png", icon)],
    middleware=[Middleware(Guard)],
    lifespan=warmed_up,
)
