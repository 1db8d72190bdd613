"""Accounts, sessions and the audit log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from platform_core.access import (
    Entry,
    Identity,
    SignInRefused,
    create_account,
    entries,
    identify,
    record,
    sign_in,
    sign_out,
)
from platform_core.database import metadata, reading

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


def try_wrongly(engine: sa.Engine, login: str, times: int, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in(engine, login, "wrong", now)


def test_a_session_tells_who_it_is_and_which_brands_they_see(engine: sa.Engine) -> None:
    account_id = create_account(engine, "mei", "secret", "brand", ["b2", "b1", "b2"], now=NOW)
    token = sign_in(engine, "mei", "secret", NOW)
    assert identify(engine, token, NOW) == Identity(account_id, "mei", "brand", ("b1", "b2"))


def test_the_case_and_blanks_of_a_login_do_not_matter(engine: sa.Engine) -> None:
    create_account(engine, "Mei@Example.com", "secret", "brand", now=NOW)
    assert sign_in(engine, " mei@example.COM ", "secret", NOW)


def test_a_session_ends_after_twelve_hours(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", now=NOW)
    token = sign_in(engine, "mei", "secret", NOW)
    assert identify(engine, token, NOW + timedelta(hours=12, microseconds=-1))
    assert identify(engine, token, NOW + timedelta(hours=12)) is None


def test_signing_out_ends_this_session_only(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", now=NOW)
    here, there = (sign_in(engine, "mei", "secret", NOW) for _ in range(2))
    sign_out(engine, here, NOW)
    sign_out(engine, here, NOW)
    assert identify(engine, here, NOW) is None
    assert identify(engine, there, NOW)


@pytest.mark.parametrize("token", ["", "guessed", "草地"])
def test_a_made_up_token_is_nobodys(engine: sa.Engine, token: str) -> None:
    assert identify(engine, token, NOW) is None


def test_a_refusal_does_not_tell_whether_the_login_exists(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", now=NOW)
    messages = set()
    for login in ["mei"] * 7 + ["nobody"] * 7:
        with pytest.raises(SignInRefused) as refusal:
            sign_in(engine, login, "wrong", NOW)
        messages.add(str(refusal.value))
    assert len(messages) == 1


def test_creating_an_account_again_replaces_everything_but_its_id(engine: sa.Engine) -> None:
    first = create_account(engine, "mei", "old", "brand", ["b1"], now=NOW)
    token = sign_in(engine, "mei", "old", NOW)
    assert create_account(engine, "mei", "new", "reviewer", now=NOW) == first

    assert identify(engine, token, NOW) is None
    try_wrongly(engine, "mei", 1)
    token = sign_in(engine, "mei", "new", NOW)
    assert identify(engine, token, NOW) == Identity(first, "mei", "reviewer", ())


def test_an_account_needs_a_password(engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match="needs a login and a password"):
        create_account(engine, "mei", "", "brand", now=NOW)


def test_after_five_wrong_tries_even_the_right_password_waits(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", now=NOW)
    try_wrongly(engine, "mei", 5)
    with pytest.raises(SignInRefused):
        sign_in(engine, "mei", "secret", NOW + timedelta(seconds=59))
    assert sign_in(engine, "mei", "secret", NOW + timedelta(minutes=1))


def test_each_further_wrong_try_waits_longer(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", now=NOW)
    try_wrongly(engine, "mei", 5)
    try_wrongly(engine, "mei", 1, NOW + timedelta(minutes=1))
    with pytest.raises(SignInRefused):
        sign_in(engine, "mei", "secret", NOW + timedelta(minutes=2, seconds=59))
    assert sign_in(engine, "mei", "secret", NOW + timedelta(minutes=3))


def test_a_new_password_ends_the_waiting(engine: sa.Engine) -> None:
    create_account(engine, "mei", "old", "brand", now=NOW)
    try_wrongly(engine, "mei", 5)
    create_account(engine, "mei", "new", "brand", now=NOW)
    assert sign_in(engine, "mei", "new", NOW)


def test_signing_in_forgets_the_wrong_tries_before_it(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", now=NOW)
    for _ in range(2):
        try_wrongly(engine, "mei", 4)
        assert sign_in(engine, "mei", "secret", NOW)


def test_wrong_tries_at_the_same_time_are_all_counted(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", now=NOW)
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: try_wrongly(engine, "mei", 1), range(5)))
    with pytest.raises(SignInRefused):
        sign_in(engine, "mei", "secret", NOW)


def test_neither_password_nor_token_is_stored(engine: sa.Engine) -> None:
    create_account(engine, "mei", "a very secret word", "brand", now=NOW)
    token = sign_in(engine, "mei", "a very secret word", NOW)
    with reading(engine) as connection:
        stored = [str(connection.execute(t.select()).all()) for t in metadata.sorted_tables]
    assert not [rows for rows in stored if token in rows or "a very secret word" in rows]


def test_accounts_and_sessions_leave_audit_entries(engine: sa.Engine) -> None:
    create_account(engine, "mei", "secret", "brand", ["b1"], now=NOW)
    sign_out(engine, sign_in(engine, "mei", "secret", NOW), NOW)
    assert entries(engine, subject="mei") == [
        Entry(NOW, "mei", "session.ended", "mei", {}),
        Entry(NOW, "mei", "session.started", "mei", {}),
        Entry(NOW, "platform", "account.created", "mei", {"role": "brand", "brand_ids": ["b1"]}),
    ]


def test_an_audit_entry_is_gone_with_the_change_that_is_rolled_back(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        record(connection, actor="mei", action="note.removed", subject="n1", at=NOW)
        connection.rollback()
    assert entries(engine) == []


def test_audit_entries_are_found_by_actor_action_and_subject(engine: sa.Engine) -> None:
    for actor, subject in [("mei", "case_1"), ("rita", "case_1"), ("rita", "case_2")]:
        record(engine, actor=actor, action="case.viewed", subject=subject, at=NOW)
    assert [e.subject for e in entries(engine, actor="rita")] == ["case_2", "case_1"]
    assert [e.actor for e in entries(engine, subject="case_1")] == ["rita", "mei"]
    assert [e.subject for e in entries(engine, action="case.viewed", limit=1)] == ["case_2"]
