"""Erasing a user: what describes them is emptied, and they bear an id that leads nowhere."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from platform_core.contract.events.state import UserChanged
from platform_core.notes.note import locked_note
from platform_core.outbox import Origin
from platform_core.tables import metadata
from platform_core.tables.engagement import comments, user_topics
from platform_core.tables.moderation import appeals
from platform_core.tables.notes import notes
from platform_core.tables.orders import cart_lines, orders
from platform_core.tables.outbox import outbox
from platform_core.tables.payments import payments
from platform_core.tables.reviews import reviews
from platform_core.tables.users import creators, device_links, users
from platform_core.users.people import user_row
from platform_core.work import Work

REASON: Final = "erased"
PARENTS: Final = (users, creators)
"""Tables that others refer to by the user's id: their rows are made anew before the old ones go."""
LONG: Final = {"account", "case_key", "note", "subject", "text", "title"}
"""Columns beside the JSON ones in which an id may stand within a longer text."""

_DELETED: Final = (device_links, cart_lines, user_topics)
_EMPTIED: Final[tuple[tuple[sa.Column[Any], dict[str, str | None]], ...]] = (
    (orders.c.user_id, {"ship_to": ""}),
    (comments.c.user_id, {"text": ""}),
    (reviews.c.user_id, {"text": ""}),
    (appeals.c.appellant_id, {"text": ""}),
    (notes.c.creator_id, {"title": "", "text": "", "place": None}),
)


def devices_of(connection: sa.Connection, user_id: str) -> list[str]:
    """Devices that are linked to the user."""
    theirs = sa.select(device_links.c.device_id).where(device_links.c.user_id == user_id)
    return list(connection.execute(theirs).scalars())


def is_known(connection: sa.Connection, user_id: str) -> bool:
    return (
        connection.execute(sa.select(users).where(users.c.user_id == user_id)).first() is not None
    )


def erase(work: Work, user_id: str, new_id: str, *, aliases: Mapping[str, str], by: Origin) -> bool:
    """Empty what the user said and what describes them, and call them ``new_id`` everywhere.

    Orders, payments and the ledger stay, under ids that say nothing; notes are removed. What has
    changed is told: the user without content, suspended, and each note that was not removed yet.

    Args:
        aliases: other words for the person, as evidence may hold, each with what replaces it.

    Returns:
        False, with nothing changed, if there is no such user.
    """
    found = work.connection.execute(sa.select(users).where(users.c.user_id == user_id)).first()
    if found is None:
        return False
    _empty(work, user_id)
    shown = notes.c.creator_id == user_id, notes.c.status != "removed"
    removed = list(work.connection.execute(sa.select(notes.c.note_id).where(*shown)).scalars())
    values = {"status": "removed", "changed_at": work.now}
    work.connection.execute(sa.update(notes).where(*shown).values(values))
    _rename(work, user_id, new_id, aliases)
    event = UserChanged(
        user_id=new_id,
        status="suspended",
        status_reason=REASON,
        registered_on=found.registered_on.isoformat(),
        has_avatar=False,
        has_bio=False,
        interests=[],
    )
    update = sa.update(users).where(users.c.user_id == new_id)
    work.connection.execute(update.values(user_row(work, event)))
    work.tell(event, by)
    for note_id in removed:
        work.tell(locked_note(work.connection, note_id).event(), by)
    return True


def _empty(work: Work, user_id: str) -> None:
    for table in _DELETED:
        work.connection.execute(sa.delete(table).where(table.c.user_id == user_id))
    for column, values in _EMPTIED:
        work.connection.execute(sa.update(column.table).where(column == user_id).values(values))
    theirs = sa.select(orders.c.order_id).where(orders.c.user_id == user_id)
    paid = sa.update(payments).where(payments.c.order_id.in_(theirs))
    work.connection.execute(paid.values(instrument=""))


def _rename(work: Work, user_id: str, new_id: str, aliases: Mapping[str, str]) -> None:
    for table in PARENTS:
        _copy(work, table, user_id, new_id)
    for table in metadata.sorted_tables:
        if table is not outbox and table not in PARENTS:
            for column in _texts(table):
                _replace(work, column, {user_id: new_id, **aliases})
    for table in reversed(PARENTS):
        (key,) = table.primary_key.columns
        work.connection.execute(sa.delete(table).where(key == user_id))


def _copy(work: Work, table: sa.Table, user_id: str, new_id: str) -> None:
    (key,) = table.primary_key.columns
    row = work.connection.execute(sa.select(table).where(key == user_id)).mappings().first()
    if row is not None:
        work.connection.execute(sa.insert(table), {**row, key.name: new_id})


def _texts(table: sa.Table) -> Iterator[sa.Column[Any]]:
    for column in table.columns:
        if isinstance(column.type, sa.Text | sa.JSON):
            yield column


def _replace(work: Work, column: sa.Column[Any], words: Mapping[str, str]) -> None:
    is_json = isinstance(column.type, sa.JSON)
    update = sa.update(column.table)
    if not is_json and column.name not in LONG:
        renamed = sa.case(dict(words), value=column, else_=column)
        whole = update.where(column.in_(list(words)))
        work.connection.execute(whole.values({column: renamed}))
        return
    text = sa.cast(column, sa.Text)
    for old, new in words.items():
        replaced: sa.ColumnElement[Any] = sa.func.replace(text, old, new)
        if is_json and work.connection.dialect.name == "postgresql":
            replaced = sa.cast(replaced, sa.JSON)
        within = update.where(text.contains(old, autoescape=True))
        work.connection.execute(within.values({column: replaced}))
