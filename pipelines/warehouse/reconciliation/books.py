"""What is compared: rows of the platform's database, and the silver rows that should equal them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from platform_core.tables.ads import ad_charges, ad_credits
from platform_core.tables.ledger import ledger_entries, ledger_transactions
from platform_core.tables.orders import orders
from platform_core.tables.payments import refunds

_ORDER: Final = (
    orders.c.order_id.label("id"),
    orders.c.placed_at.label("happened_at"),
    sa.literal("").label("part"),
    orders.c.currency,
    orders.c.total_minor.label("amount_minor"),
)
_CHARGE: Final = (
    ad_charges.c.clicked_at.label("happened_at"),
    sa.literal("").label("part"),
    ad_charges.c.currency,
    ad_charges.c.amount_minor,
)


@dataclass(frozen=True)
class Book:
    """One thing that both sides keep.

    ``rows`` and ``lake`` give id, part, currency and amount_minor; beside these the platform says
    when it happened and the lake on which day. ``told_by`` names the events that bring a row to
    the lake, each with the field that holds the row's id: without any of them it is not there.
    """

    name: str
    table: str
    rows: sa.Select[Any]
    lake: str
    told_by: Mapping[str, str]


BOOKS: Final = (
    Book(
        "orders",
        "silver.orders",
        sa.select(*_ORDER),
        """
        SELECT order_id AS id, event_date, '' AS part, currency, total_minor AS amount_minor
        FROM silver.orders
        """,
        {"order.placed": "order_id"},
    ),
    Book(
        "GMV",
        "silver.orders",
        sa.select(*_ORDER).where(orders.c.paid_at.is_not(None)),
        """
        SELECT order_id AS id, event_date, '' AS part, currency, total_minor AS amount_minor
        FROM silver.orders WHERE paid_at IS NOT NULL
        """,
        {"order.placed": "order_id", "order.paid": "order_id"},
    ),
    Book(
        "refunds",
        "silver.refunds",
        sa.select(
            refunds.c.refund_id.label("id"),
            orders.c.placed_at.label("happened_at"),
            sa.literal("").label("part"),
            orders.c.currency,
            refunds.c.amount_minor,
        ).join_from(refunds, orders),
        """
        SELECT refund_id AS id, event_date, '' AS part, currency, amount_minor FROM silver.refunds
        """,
        {"order.refunded": "refund_id"},
    ),
    Book(
        "ad charges",
        "silver.ad_charges",
        sa.select(ad_charges.c.charge_id.label("id"), *_CHARGE),
        """
        SELECT charge_id AS id, event_date, '' AS part, currency, amount_minor
        FROM silver.ad_charges
        """,
        {"ad.charged": "charge_id"},
    ),
    Book(
        "ad credits",
        "silver.ad_credits",
        sa.select(ad_credits.c.credit_id.label("id"), *_CHARGE).join_from(ad_credits, ad_charges),
        """
        SELECT credit_id AS id, event_date, '' AS part, currency, amount_minor
        FROM silver.ad_credits
        """,
        {"ad.credited": "credit_id"},
    ),
    Book(
        "ledger",
        "silver.ledger_entries",
        sa.select(
            ledger_transactions.c.transaction_id.label("id"),
            ledger_transactions.c.posted_at.label("happened_at"),
            (ledger_transactions.c.kind + sa.literal(" ") + ledger_entries.c.side).label("part"),
            ledger_transactions.c.currency,
            ledger_entries.c.amount_minor,
        ).join_from(ledger_entries, ledger_transactions),
        """
        SELECT transaction_id AS id, event_date, concat(kind, ' ', side) AS part, currency,
          amount_minor
        FROM silver.ledger_entries
        """,
        {"ledger.posted": "transaction_id"},
    ),
)
"""Refunds count on their order's day, charges and credits on their click's, as in silver."""

TABLES: Final = tuple(sorted({book.table for book in BOOKS}))
