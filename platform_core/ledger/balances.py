"""What stands on the accounts: always the sum of their entries, never a number kept beside."""

import sqlalchemy as sa

from platform_core.tables.ledger import ledger_entries, ledger_transactions


def balance(connection: sa.Connection, account: str, currency: str = "CNY") -> int:
    """Debits minus credits of the account, in minor units; 0 if nothing was ever posted to it."""
    return balances(connection, currency, account=account).get(account, 0)


def balances(
    connection: sa.Connection, currency: str = "CNY", *, account: str | None = None
) -> dict[str, int]:
    """Debits minus credits, in minor units, of every account; over all of them they sum to 0."""
    entries = ledger_entries.c
    signed = sa.case((entries.side == "debit", entries.amount_minor), else_=-entries.amount_minor)
    # A sum of BIGINT is NUMERIC on PostgreSQL, which would arrive as a Decimal.
    total = sa.cast(sa.func.sum(signed), sa.BigInteger).label("amount_minor")
    sums = (
        sa.select(entries.account, total)
        .join(ledger_transactions)
        .where(ledger_transactions.c.currency == currency)
        .group_by(entries.account)
        .order_by(entries.account)
    )
    if account is not None:
        sums = sums.where(entries.account == account)
    return {row.account: row.amount_minor for row in connection.execute(sums)}
