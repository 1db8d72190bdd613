"""Credits: an advertiser gets the price of a click back, once."""

from typing import Any

import sqlalchemy as sa

from platform_core.ads.accounts import move
from platform_core.contract.events.ads import AdCredited
from platform_core.contract.fields import instant_text
from platform_core.ledger import Entry, post
from platform_core.outbox import Origin
from platform_core.tables.ads import ad_charges, ad_credits
from platform_core.work import Refusal, Work


class ChargeUnknown(Refusal):
    """There is no charge with this id."""


def credit(
    work: Work, charge_id: str, *, reason: str, case_id: str | None = None, by: Origin
) -> str:
    """Give the price of a click back; a charge that was credited already stays as it is.

    The money is the advertiser's again, to be spent within the budgets of days to come. Returns
    the credit's id, of a charge's only one.

    Raises:
        ChargeUnknown: there is no such charge.
    """
    of_id = sa.select(ad_charges).where(ad_charges.c.charge_id == charge_id).with_for_update()
    charge = work.connection.execute(of_id).one_or_none()
    if charge is None:
        raise ChargeUnknown(f"there is no charge {charge_id!r}")
    known = sa.select(ad_credits.c.credit_id).where(ad_credits.c.charge_id == charge_id)
    credit_id: str | None = work.connection.scalar(known)
    return credit_id or _credit(work, charge, reason, case_id, by)


def _credit(work: Work, charge: sa.Row[Any], reason: str, case_id: str | None, by: Origin) -> str:
    event = AdCredited(
        credit_id=work.ids("credit"),
        charge_id=charge.charge_id,
        click_id=charge.click_id,
        clicked_at=instant_text(charge.clicked_at),
        campaign_id=charge.campaign_id,
        brand_id=charge.brand_id,
        amount_minor=charge.amount_minor,
        currency=charge.currency,
        reason=reason,
        case_id=case_id,
    )
    row = event.model_dump(include={"credit_id", "charge_id", "reason", "case_id"})
    work.connection.execute(sa.insert(ad_credits), row | {"credited_at": work.now})
    move(work, charge.account_id, charge.amount_minor)
    work.tell(event, by)
    entries = [
        Entry("revenue:ads", "debit", charge.amount_minor),
        Entry(f"advertiser:{charge.brand_id}", "credit", charge.amount_minor),
    ]
    post(work, "ad_credit", event.credit_id, entries, charge.currency)
    return event.credit_id
