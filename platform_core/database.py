"""The platform's database: SQLite at home, PostgreSQL where one file is outgrown.

``engine.begin()`` opens a transaction that writes; ``reading(engine)`` one that only reads and
that on SQLite neither waits for a writer nor makes one wait.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from platform_core.tables import metadata

__all__ = ["connect", "metadata", "one_at_a_time", "reading", "snapshot"]

BUSY_TIMEOUT_MS: Final = 30_000


def connect(url: str) -> sa.Engine:
    """An engine on the database at ``url``, with its folder and its newest tables in place.

    Raises:
        DatabaseTooNew: a newer Meadow made it.
    """
    from platform_core.migrations import upgrade  # which needs the transactions of this module

    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        _create_file(engine.url)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    with ExitStack() as on_failure:
        on_failure.callback(engine.dispose)
        upgrade(engine)
        on_failure.pop_all()
    return engine


def reading(engine: sa.Engine) -> sa.Connection:
    """A connection that only reads; a context manager."""
    return engine.execution_options(reads_only=True).connect()


def snapshot(engine: sa.Engine) -> sa.Connection:
    """A connection that only reads, all of it as it was at one moment; a context manager."""
    if engine.dialect.name == "postgresql":  # which otherwise takes a moment a statement
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return reading(engine)


def one_at_a_time(connection: sa.Connection, purpose: str) -> None:
    """Wait until no other transaction with this purpose runs; holds until the commit.

    On SQLite there is nothing to wait for: it has one writing transaction at a time.
    """
    if connection.dialect.name == "postgresql":
        lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(purpose))
        connection.execute(sa.select(lock))


def _create_file(url: sa.URL) -> None:
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds keys and password hashes


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so, not where sqlite3 does
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN DEFERRED" if reads_only else "BEGIN IMMEDIATE")
