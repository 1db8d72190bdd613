"""Advertisers' accounts: what a brand has paid in and not yet spent."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from platform_core.brands import ready_brand
from platform_core.contract.events.ads import AdAccountChanged
from platform_core.database import one_at_a_time
from platform_core.ledger import Entry, post
from platform_core.outbox import Origin
from platform_core.tables.ads import ad_accounts
from platform_core.work import Refusal, Work

_ACCOUNT: Final = sa.select(ad_accounts).where(ad_accounts.c.account_id == sa.bindparam("id"))
_LOCKED: Final = _ACCOUNT.with_for_update()


class AdAccountUnknown(Refusal):
    """There is no ad account with this id."""


@dataclass(frozen=True)
class AdAccount:
    """An advertiser's account; ``balance_minor`` is paid in and not yet spent."""

    account_id: str
    brand_id: str
    balance_minor: int
    currency: str


def open_account(work: Work, brand_id: str, *, currency: str = "CNY", by: Origin) -> str:
    """The brand's account, a new and empty one if it has none; returns its id.

    Raises:
        BrandUnknown: there is no such brand.
        BrandNotReady: it is neither verified nor certified.
    """
    ready_brand(work, brand_id)
    one_at_a_time(work.connection, "open an ad account")
    of_brand = sa.select(ad_accounts.c.account_id).where(ad_accounts.c.brand_id == brand_id)
    found: str | None = work.connection.scalar(of_brand)
    if found:
        return found
    event = AdAccountChanged(
        account_id=work.ids("ad_account"), brand_id=brand_id, balance_minor=0, currency=currency
    )
    work.connection.execute(sa.insert(ad_accounts), event.model_dump())
    work.tell(event, by)
    return event.account_id


def top_up(work: Work, account_id: str, amount_minor: int, *, by: Origin) -> int:
    """The advertiser pays in; returns the new balance in minor units.

    Raises:
        AdAccountUnknown: there is no such account.
        ValueError: the amount is not positive.
    """
    if amount_minor < 1:
        raise ValueError(f"top-up of {account_id!r} by {amount_minor}: pay in at least 1")
    found = _account(work.connection, account_id, _LOCKED)
    facts = vars(found) | {"balance_minor": found.balance_minor + amount_minor}
    move(work, account_id, amount_minor)
    entries = [
        Entry("clearing:provider", "debit", amount_minor),
        Entry(f"advertiser:{found.brand_id}", "credit", amount_minor),
    ]
    post(work, "ad_top_up", work.ids("ad_top_up"), entries, found.currency)
    work.tell(AdAccountChanged(**facts), by)
    return found.balance_minor + amount_minor


def account(connection: sa.Connection, account_id: str) -> AdAccount:
    """The account as it stands.

    Raises:
        AdAccountUnknown: there is no such account.
    """
    return _account(connection, account_id, _ACCOUNT)


def move(work: Work, account_id: str, change_minor: int) -> bool:
    """Change the balance, unless it would fall below 0; the caller tells of it."""
    accounts = ad_accounts.c
    covered = (accounts.account_id == account_id) & (accounts.balance_minor + change_minor >= 0)
    changed = {"balance_minor": accounts.balance_minor + change_minor}
    result = work.connection.execute(sa.update(ad_accounts).where(covered).values(changed))
    return result.rowcount == 1


def _account(
    connection: sa.Connection, account_id: str, statement: sa.Select[tuple[object, ...]]
) -> AdAccount:
    row = connection.execute(statement, {"id": account_id}).mappings().one_or_none()
    if row is None:
        raise AdAccountUnknown(f"there is no ad account {account_id!r}: open one first")
    return AdAccount(**row)
