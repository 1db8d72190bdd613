"""What more than one command says."""

from typing import Final

NOTHING_LANDED: Final = (
    "nothing has landed yet; `meadow replay SOURCE PATH` or `meadow demo` begins"
)
