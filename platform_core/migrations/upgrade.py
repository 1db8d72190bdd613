"""Bring a database to the newest version. Alembic is imported only where something is to do."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from platform_core.database import one_at_a_time, reading

FOLDER: Final = Path(__file__).parent
FIRST: Final = "0001"
"""The version of databases from before versions were recorded."""


class DatabaseTooNew(ValueError):
    """The database was made by a newer Meadow."""


def newest() -> str:
    """The version that this code wants."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("????_*.py"))


def upgrade(engine: sa.Engine) -> None:
    """Apply the versions that the database lacks, all of them or none.

    Raises:
        DatabaseTooNew: it has a version that this code does not know.
    """
    with reading(engine) as connection:
        if _version(connection) == newest():
            return
    with engine.begin() as connection:
        one_at_a_time(connection, "migrate")
        version = _version(connection)
        if version is not None and version > newest():
            raise DatabaseTooNew(
                f"{engine.url}: the database is at version {version}, this code knows up to "
                f"{newest()}: update Meadow"
            )
        _apply(connection, version)


def _version(connection: sa.Connection) -> str | None:
    tables = sa.inspect(connection)
    if tables.has_table("alembic_version"):
        version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version
    return None


def _apply(connection: sa.Connection, version: str | None) -> None:
    from alembic import command

    from platform_core.migrations.alembic_config import config

    if version is None and sa.inspect(connection).has_table("outbox"):
        command.stamp(config(connection), FIRST)
    command.upgrade(config(connection), "head")
