"""The database and the keys in it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from platform_core.access import entries, record
from platform_core.database import connect, metadata, reading
from platform_core.keys import key


def test_connecting_makes_the_folder_and_every_table(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new' / 'folder' / 'platform.db'}")
    with reading(engine) as connection:
        assert set(sa.inspect(connection).get_table_names()) >= set(metadata.tables)
    engine.dispose()


def test_only_its_owner_may_open_the_file_with_the_keys(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'platform.db'}")
    key(engine, "pseudonym")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(engine: sa.Engine) -> None:
    with engine.begin(), reading(engine) as connection:
        assert connection.scalar(sa.select(1)) == 1


def test_instants_come_back_in_utc_from_any_zone(engine: sa.Engine) -> None:
    at = datetime(2026, 1, 5, 8, tzinfo=timezone(timedelta(hours=8)))
    record(engine, actor="rita", action="case.viewed", subject="case_1", at=at)
    assert entries(engine)[0].at == datetime(2026, 1, 5, tzinfo=UTC)
    assert entries(engine)[0].at.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(engine: sa.Engine) -> None:
    at = datetime(2026, 1, 5, 8)
    with pytest.raises(sa.exc.StatementError, match="has no time zone"):
        record(engine, actor="rita", action="case.viewed", subject="case_1", at=at)


def test_a_key_is_made_once_however_many_ask_at_once(database_url: str) -> None:
    def ask(_: int) -> bytes:
        engine = connect(database_url)
        value = key(engine, "pseudonym")
        engine.dispose()
        return value

    with ThreadPoolExecutor(8) as pool:
        values = set(pool.map(ask, range(8)))
    assert [len(value) for value in values] == [32]


def test_every_name_has_its_own_key(engine: sa.Engine) -> None:
    assert key(engine, "pseudonym") == key(engine, "pseudonym")
    assert key(engine, "pseudonym") != key(engine, "quarantine")
