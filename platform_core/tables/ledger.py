"""The books: transactions, each of entries that balance; rows are only ever added."""

import sqlalchemy as sa

from platform_core.tables.schema import Instant, metadata

ledger_transactions = sa.Table(
    "ledger_transactions",
    metadata,
    sa.Column("transaction_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reference_id", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("posted_at", Instant, nullable=False),
    sa.UniqueConstraint("reference_id", "kind"),
)

ledger_entries = sa.Table(
    "ledger_entries",
    metadata,
    sa.Column(
        "transaction_id", sa.ForeignKey(ledger_transactions.c.transaction_id), primary_key=True
    ),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.CheckConstraint("amount_minor >= 0", name="ck_ledger_entries_amount_minor"),
)
