"""Who is to be erased: every word that means them, and the word that will stand there instead.

The plan is written before anything changes and removed when nothing is left to do: a crash in
between is finished by the next call, with the same words.
"""

import json
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from pipelines.warehouse.ingest.ingest import Keys
from platform_core import pseudonyms

FILE: Final = ".erasing.json"
PERSON: Final = "person"


@dataclass(frozen=True)
class Identity:
    """A pseudonym of the person or of what is theirs alone, and its successor.

    ``raw`` is a random identifier whose pseudonym is ``new``: it stands where the old identifier
    stood before it was pseudonymised.
    """

    namespace: str
    old: str
    new: str
    raw: str


@dataclass(frozen=True)
class Plan:
    """One erasure, in plain values."""

    user_id: str
    identities: tuple[Identity, ...]
    raw: dict[str, str] = field(default_factory=dict)
    """Identifiers as sources write them, each with its successor; the user's id is one."""
    digests: dict[str, str] = field(default_factory=dict)
    """Digests that tables have made of pseudonyms, each with what it is of the successors."""
    days: tuple[str, ...] = ()
    """Reporting-local days with events that name the person; next, with private ones."""
    private_days: tuple[str, ...] = ()
    totals: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def person(self) -> Identity:
        return next(i for i in self.identities if i.namespace == PERSON)

    @cached_property
    def pseudonyms(self) -> dict[str, str]:
        """All hexadecimal words to replace."""
        return {i.old: i.new for i in self.identities} | self.digests

    def successor(self, pseudonym: str) -> Identity | None:
        return self._by_old.get(pseudonym)

    @cached_property
    def _by_old(self) -> dict[str, Identity]:
        return {i.old: i for i in self.identities}

    @cached_property
    def sought(self) -> str:
        """Any word of the person, as a regular expression of RE2."""
        return "|".join([*self.pseudonyms, self.sought_raw])

    @cached_property
    def sought_raw(self) -> str:
        """Any raw identifier of the person that is not within a longer word."""
        raw = "|".join(re.escape(r) for r in sorted(self.raw, key=len, reverse=True))
        return rf"(?:^|[^\w-])(?:{raw})(?:[^\w-]|$)"


def pseudonym(keys: Keys, namespace: str, value: str) -> str:
    """The pseudonym that ingest gives to an identifier."""
    return pseudonyms.pseudonym(value, keys.pseudonym_key(namespace))


def identity(keys: Keys, namespace: str, old: str) -> Identity:
    """A new identity in place of an old pseudonym: random, so that nothing leads back."""
    raw = f"erased_{secrets.token_hex(10)}"
    return Identity(namespace, old, pseudonym(keys, namespace, raw), raw)


def load(root: Path) -> Plan | None:
    """The erasure that is under way in the lake, if there is one."""
    path = root / FILE
    if not path.exists():
        return None
    fields = json.loads(path.read_text())
    identities = tuple(Identity(**i) for i in fields.pop("identities"))
    for name in ("days", "private_days"):
        fields[name] = tuple(fields[name])
    return Plan(identities=identities, **fields)


def save(root: Path, plan: Plan) -> None:
    """Write the plan durably, for its owner's eyes only."""
    temporary = root / f"{FILE}.tmp"
    descriptor = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(plan), file)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(root / FILE)


def remove(root: Path) -> None:
    for name in (f"{FILE}.tmp", FILE):
        (root / name).unlink(missing_ok=True)


def with_raw(plan: Plan, keys: Keys, values: Iterable[tuple[str, str]]) -> Plan:
    """The plan with these (namespace, identifier) added, as far as they are the person's."""
    raw = dict(plan.raw)
    for namespace, value in values:
        if found := plan.successor(pseudonym(keys, namespace, value)):
            raw[value] = found.raw
    return replace(plan, raw=raw)
