"""Is this installation whole? Each check says what it found and how to mend it."""

import importlib.metadata
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from platform_core import database
from platform_core.settings import Settings

PYTHON: Final = (3, 11)
LIBRARIES: Final = ("duckdb", "deltalake", "dagster", "great-expectations", "polars", "streamlit")
FREE_BYTES: Final = 2 << 30


@dataclass(frozen=True)
class Check:
    """One thing looked at; ``remedy`` says what to do when it has not passed."""

    name: str
    passed: bool
    finding: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """Look at everything that Meadow needs."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", sys.version_info >= PYTHON, version, "install Python 3.11 or newer")
    yield from (_library(name) for name in LIBRARIES)
    if settings.engine == "spark":
        yield _library("pyspark")
        yield _java()
    yield _home(settings.home)
    yield _timezone(settings)
    yield _platform(settings)
    for name, port in (("dashboards", settings.dashboard_port), ("dagster", settings.dagster_port)):
        yield _port(name, settings.host, port)
    yield _browser()


def _library(name: str) -> Check:
    try:
        return Check(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed", "run `make setup`")


def _java() -> Check:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    remedy = "install Java 17 or 21 (package `openjdk-17-jre-headless`), or set JAVA_HOME"
    return Check("java", found is not None, found or "not found", remedy)


def _home(home: Path) -> Check:
    try:
        home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(home).free
    except OSError as error:
        return Check("home", False, str(error), "set MEADOW_HOME to a folder that can be written")
    return Check(
        "home",
        free >= FREE_BYTES,
        f"{home.resolve()}, {free / (1 << 30):.1f} GiB free",
        "free some disk, or set MEADOW_HOME to a larger one",
    )


def _timezone(settings: Settings) -> Check:
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "set MEADOW_TIMEZONE to an IANA name such as Asia/Shanghai"
        return Check("time zone", False, f"{settings.timezone!r} is unknown", remedy)
    return Check("time zone", True, settings.timezone)


def _platform(settings: Settings) -> Check:
    shown = sa.make_url(settings.platform_url).render_as_string(hide_password=True)
    try:
        with database.connect(settings.platform_url).connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except (sa.exc.SQLAlchemyError, OSError) as error:
        return Check("platform database", False, f"{shown}: {error}", "mend MEADOW_DATABASE_URL")
    return Check("platform database", True, shown)


def _port(name: str, host: str, port: int) -> Check:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            variable = f"MEADOW_{'DASHBOARD' if name == 'dashboards' else 'DAGSTER'}_PORT"
            remedy = f"stop what listens there, or set {variable}"
            return Check(f"port of {name}", False, f"{host}:{port}: {error.strerror}", remedy)
    return Check(f"port of {name}", True, f"{host}:{port} is free")


def _browser() -> Check:
    found = shutil.which("chromium")
    return Check(
        "chromium (tests only)",
        found is not None,
        found or "not found",
        "install the package `chromium`",
    )
