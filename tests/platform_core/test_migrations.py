"""The database's versions: what they make, and how old databases come to the newest."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from platform_core.database import connect, reading
from platform_core.migrations.alembic_config import config
from platform_core.migrations.upgrade import FIRST, DatabaseTooNew
from platform_core.tables import metadata
from platform_core.tables.access import audit_log
from tests.postgresql import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'platform.db'}"
    else:
        postgresql: Server = request.getfixturevalue("postgresql")
        url = postgresql.database()
        yield url
        postgresql.drop(url)


def at_first_version(url: str, *, recorded: bool) -> None:
    """Make the database as the first version did, with one row in it."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        command.upgrade(config(connection), FIRST)
        at = sa.text("'2026-01-05 08:00:00+00:00'")
        row = {"at": at, "actor": "rita", "action": "a.b", "subject": "s", "detail": {}}
        connection.execute(sa.insert(audit_log).values(row))
        if not recorded:
            connection.execute(sa.text("DROP TABLE alembic_version"))
    engine.dispose()


def test_the_versions_together_make_the_declared_tables(empty_url: str) -> None:
    engine = connect(empty_url)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


@pytest.mark.parametrize("recorded", [True, False])
def test_an_old_database_comes_to_the_newest_version_with_its_rows(
    empty_url: str, recorded: bool
) -> None:
    at_first_version(empty_url, recorded=recorded)
    engine = connect(empty_url)
    with reading(engine) as connection:
        assert connection.scalar(sa.select(audit_log.c.actor)) == "rita"
        assert set(metadata.tables) <= set(sa.inspect(connection).get_table_names())
    engine.dispose()


def test_a_database_of_a_newer_meadow_is_refused_untouched(empty_url: str) -> None:
    connect(empty_url).dispose()
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseTooNew, match=r"version 9999.*update Meadow"):
        connect(empty_url)


def test_many_may_open_a_new_database_at_once(empty_url: str) -> None:
    def tables(_: int) -> int:
        engine = connect(empty_url)
        with reading(engine) as connection:
            found = len(sa.inspect(connection).get_table_names())
        engine.dispose()
        return found

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(tables, range(6))) == {len(metadata.tables) + 1}
