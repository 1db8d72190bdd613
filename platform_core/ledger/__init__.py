"""The ledger: double-entry books that always balance, to the minor unit."""

from platform_core.ledger.balances import balance, balances
from platform_core.ledger.commission import commission
from platform_core.ledger.posting import AlreadyPosted, Entry, Kind, Side, Unbalanced, post

__all__ = [
    "AlreadyPosted",
    "Entry",
    "Kind",
    "Side",
    "Unbalanced",
    "balance",
    "balances",
    "commission",
    "post",
]
