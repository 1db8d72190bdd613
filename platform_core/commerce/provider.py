"""The payment provider as the platform sees it, and one that is embedded.

A provider charges once per idempotency key, however often it is asked.
"""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, Protocol

Fault = Literal["refused", "unreached", "timed_out", "called_back_twice"]
Faults = Callable[["PaymentRequest"], Collection[Fault]]


class ProviderTimeout(Exception):
    """The provider did not answer in time; nobody knows whether it charged."""


@dataclass(frozen=True)
class PaymentRequest:
    """What the provider is asked to charge, in minor units of ``currency``."""

    payment_id: str
    order_id: str
    amount_minor: int
    currency: str
    instrument: str

    @property
    def idempotency_key(self) -> str:
        """The key under which the provider charges once."""
        return self.payment_id


@dataclass(frozen=True)
class Charged:
    """The provider has charged the buyer."""

    idempotency_key: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Declined:
    """The provider refuses, for good, to charge under this key."""

    idempotency_key: str
    reason: str


Outcome = Charged | Declined


class PaymentProvider(Protocol):
    """Whoever moves the buyers' money."""

    def charge(self, request: PaymentRequest) -> Outcome:
        """Charge the buyer; the same key again gives the same outcome and charges nothing.

        Raises:
            ProviderTimeout: there was no answer.
        """

    def look_up(self, idempotency_key: str) -> Outcome | None:
        """What became of a request; None if it never arrived.

        Raises:
            ProviderTimeout: there was no answer.
        """


def no_faults(_: PaymentRequest) -> Collection[Fault]:
    """Everything goes well."""
    return ()


@dataclass
class EmbeddedProvider:
    """A provider within the process, whose books live as long as it does.

    ``faults`` says what goes wrong with a request: it is ``refused``; it never arrives
    (``unreached``) or is answered too late (``timed_out``), both of which are a ProviderTimeout;
    ``called_back_twice``. ``callbacks`` are the outcomes that it tells on its own, oldest first:
    those that it answered too late, and those called back twice.
    """

    faults: Faults = no_faults
    callbacks: deque[Outcome] = field(default_factory=deque)
    _books: dict[str, Outcome] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def charge(self, request: PaymentRequest) -> Outcome:
        """Charge the buyer, unless this key was answered before or a fault comes in between."""
        with self._lock:
            earlier = self._books.get(request.idempotency_key)
            return earlier if earlier else self._charge(request, self.faults(request))

    def look_up(self, idempotency_key: str) -> Outcome | None:
        """What became of a request; None if it never arrived."""
        return self._books.get(idempotency_key)

    def charged_minor(self) -> int:
        """All that was charged, in minor units."""
        outcomes = self._books.values()
        return sum(outcome.amount_minor for outcome in outcomes if isinstance(outcome, Charged))

    def _charge(self, request: PaymentRequest, faults: Collection[Fault]) -> Outcome:
        if "unreached" in faults:
            raise ProviderTimeout(f"payment {request.payment_id!r} did not reach the provider")
        outcome = _outcome(request, "refused" in faults)
        self._books[request.idempotency_key] = outcome
        if "called_back_twice" in faults:
            self.callbacks.extend((outcome, outcome))
        elif "timed_out" in faults:
            self.callbacks.append(outcome)
        if "timed_out" in faults:
            raise ProviderTimeout(f"payment {request.payment_id!r} was not answered in time")
        return outcome


def _outcome(request: PaymentRequest, is_refused: bool) -> Outcome:
    if is_refused:
        return Declined(request.idempotency_key, reason="insufficient_funds")
    return Charged(request.idempotency_key, request.amount_minor, request.currency)
