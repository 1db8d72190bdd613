"""Erasing a user in the platform: nothing describes them any more, and the books stay."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core import users
from platform_core.database import metadata
from platform_core.engagement import Act, engage
from platform_core.erasing import erase
from platform_core.moderation import open_cases
from platform_core.notes import note
from platform_core.outbox import NOBODY, Origin
from platform_core.users import Device, UserUnknown
from platform_core.work import begin
from tests.platform_core.press import NOW, Press
from tests.platform_core.told import told

SUCCESSOR = "erased_1"
DEVICE = "phone-of-hers"


@pytest.fixture
def press(engine: sa.Engine) -> Press:
    """The author has a city, a device, a note, a comment on it and a follower."""
    press = Press(engine)
    reader = press.person()
    written = press.note("title of hers", "words of hers")
    with begin(engine, now=NOW) as work:
        users.link_device(work, press.author, Device(DEVICE), by=Origin(press.author))
        engage(work, [Act("comment", written, Origin(press.author), text="comment of hers")])
        engage(work, [Act("follow", press.author, Origin(reader))])
    return press


def erased(press: Press, **aliases: str) -> bool:
    with begin(press.engine, now=NOW) as work:
        return erase(work, press.author, SUCCESSOR, aliases=aliases, by=NOBODY)


def everything(engine: sa.Engine) -> str:
    """All rows of all tables but the outbox, as text."""
    with engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in metadata.sorted_tables
            if table.name != "outbox"
            for row in connection.execute(sa.select(table))
        )


def counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def test_no_table_knows_the_user_their_words_or_their_device(press: Press) -> None:
    assert erased(press)
    rows = everything(press.engine)
    for word in (press.author, DEVICE, "title of hers", "words of hers", "comment of hers"):
        assert word not in rows


def test_all_rows_stay_but_those_of_the_device(press: Press) -> None:
    before = counts(press.engine)
    erased(press)
    changed = {t: n - before[t] for t, n in counts(press.engine).items() if n != before[t]}
    assert changed.pop("outbox") == 2
    assert changed == {"device_links": -1}


def test_what_is_told_says_nothing(press: Press) -> None:
    erased(press)
    user, written = told(press.engine)[-2:]
    assert user["type"] == "user.changed"
    assert user["data"]["user_id"] == written["data"]["creator_id"] == SUCCESSOR
    assert (user["data"]["status"], user["data"]["status_reason"]) == ("suspended", "erased")
    assert (written["data"]["status"], written["data"]["title"]) == ("removed", "")
    assert note(press.engine, written["data"]["note_id"]).text == ""


def test_the_old_id_is_nobody_s(press: Press) -> None:
    erased(press)
    with pytest.raises(UserUnknown):
        users.user(press.engine, press.author)
    assert not erased(press)


def test_evidence_names_the_successor(press: Press, signal: Any) -> None:
    key = f"key:{press.author}:pseudonym"
    evidence = {"actor": "pseudonym", "user": press.author}
    open_cases(press.engine, [signal(key, "k1", evidence=evidence)], now=NOW)
    erased(press, pseudonym="another")
    rows = everything(press.engine)
    assert f"key:{SUCCESSOR}:another" in rows
    assert "pseudonym" not in rows


def test_days_of_registration_stay_for_cohorts(press: Press) -> None:
    erased(press)
    assert users.user(press.engine, SUCCESSOR).registered_on == date(2026, 1, 5)
