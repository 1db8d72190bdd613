"""Access: accounts and the brands they may see, sessions, and the audit log."""

from platform_core.access.accounts import Identity, Role, create_account
from platform_core.access.audit import Entry, entries, record
from platform_core.access.sessions import SignInRefused, identify, sign_in, sign_out

__all__ = [
    "Entry",
    "Identity",
    "Role",
    "SignInRefused",
    "create_account",
    "entries",
    "identify",
    "record",
    "sign_in",
    "sign_out",
]
