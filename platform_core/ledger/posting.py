"""Transactions go into the books, whole and balanced or not at all.

Accounts are ``kind:owner``: ``clearing:provider`` (money at the payment provider),
``merchant:<shop>`` (what the platform owes a shop), ``revenue:commission``,
``advertiser:<brand>`` (what a brand has paid in and not yet spent), ``revenue:ads``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.commerce import LedgerEntry, LedgerPosted
from platform_core.tables.ledger import ledger_entries, ledger_transactions
from platform_core.work import Refusal, Work

Side = Literal["debit", "credit"]
Kind = Literal["sale", "commission", "refund", "ad_top_up", "ad_charge", "ad_credit"]

_ADD_TRANSACTION: Final = sa.insert(ledger_transactions)
_ADD_ENTRIES: Final = sa.insert(ledger_entries)


class Unbalanced(ValueError):
    """Debits and credits differ; nothing was posted."""


class AlreadyPosted(Refusal):
    """The books already hold a transaction of this kind for the same thing."""


@dataclass(frozen=True)
class Entry:
    """One side of a transaction, in minor units of its currency."""

    account: str
    side: Side
    amount_minor: int


def post(
    work: Work, kind: Kind, reference_id: str, entries: Sequence[Entry], currency: str = "CNY"
) -> str:
    """Put one transaction into the books; returns its id.

    ``reference_id`` is the payment, refund, charge or credit that it is about; each has at most
    one transaction of a kind.

    Raises:
        Unbalanced: debits and credits differ.
        AlreadyPosted: the reference has a transaction of this kind.
        ValueError: there are fewer than two entries, or an amount is negative.
    """
    _check(kind, reference_id, entries)
    event = LedgerPosted(
        transaction_id=work.ids("transaction"),
        kind=kind,
        reference_id=reference_id,
        currency=currency,
        entries=[LedgerEntry(**vars(entry)) for entry in entries],
    )
    _write(work, event)
    work.tell(event)
    return event.transaction_id


def _check(kind: str, reference_id: str, entries: Sequence[Entry]) -> None:
    sums: Counter[str] = Counter()
    for entry in entries:
        if entry.amount_minor < 0:
            raise ValueError(f"{kind} of {reference_id!r}: {entry} is negative; swap its side")
        sums[entry.side] += entry.amount_minor
    if len(entries) < 2:
        raise ValueError(f"{kind} of {reference_id!r}: a transaction has at least two entries")
    if sums["debit"] != sums["credit"]:
        raise Unbalanced(
            f"{kind} of {reference_id!r}: debits of {sums['debit']} and credits of "
            f"{sums['credit']} minor units differ"
        )


def _write(work: Work, event: LedgerPosted) -> None:
    facts = event.model_dump()
    lines = facts.pop("entries")
    try:
        work.connection.execute(_ADD_TRANSACTION, {**facts, "posted_at": work.now})
    except sa.exc.IntegrityError as error:
        raise AlreadyPosted(
            f"the ledger already has the {event.kind} of {event.reference_id!r}"
        ) from error
    rows = [
        {**line, "transaction_id": event.transaction_id, "position": position}
        for position, line in enumerate(lines, start=1)
    ]
    work.connection.execute(_ADD_ENTRIES, rows)
