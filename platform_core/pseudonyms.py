"""What the warehouse calls a person, a device or an address: a keyed hash of the name.

The platform, which holds the secret, can compute the pseudonym of somebody it knows; from a
pseudonym nobody can compute the name.
"""

import hashlib
import hmac
from typing import Final

LENGTH: Final = 32
"""Hexadecimal digits: 128 bits."""


def namespace_key(secret: bytes, namespace: str) -> str:
    """The key of one kind of identifier: 128 bits, so that key and value are one block."""
    return hmac.new(secret, namespace.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def pseudonym(name: str, keyed: str) -> str:
    """The name under a ``namespace_key``."""
    return hashlib.sha256((keyed + name).encode()).hexdigest()[:LENGTH]
