"""How a brand comes onto the platform: it applies, is verified, then certified."""

from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.state import BrandChanged
from platform_core.database import one_at_a_time, reading
from platform_core.outbox import Origin
from platform_core.tables.brands import brands
from platform_core.work import Refusal, Work

Status = Literal["applied", "verified", "certified", "suspended"]

MAX_NAME_LENGTH: Final = 40
BEFORE: Final[dict[Status, tuple[Status, ...]]] = {
    "verified": ("applied", "suspended"),
    "certified": ("verified",),
    "suspended": ("applied", "verified", "certified"),
}
"""What a brand has to be to become something; a suspended one goes through it all again."""

_BRAND: Final = sa.select(*brands.c["brand_id", "name", "category", "status"])


class BrandUnknown(Refusal):
    """There is no brand with this id."""


class BrandNameTaken(Refusal):
    """Another brand has this name; notes name brands by it."""


class BrandNotReady(Refusal):
    """The brand has not come as far as this step needs."""


@dataclass(frozen=True)
class Brand:
    """A brand as it stands."""

    brand_id: str
    name: str
    category: str
    status: Status


def apply(work: Work, *, name: str, category: str, by: Origin) -> str:
    """A brand asks to be let in; returns its id.

    Raises:
        BrandNameTaken: another brand has this name.
        ValueError: the name is empty, has surrounding spaces or is longer than 40 characters.
    """
    if not 0 < len(name) <= MAX_NAME_LENGTH or name != name.strip():
        raise ValueError(f"{name!r} is no brand name: give 1 to {MAX_NAME_LENGTH} characters")
    one_at_a_time(work.connection, "name a brand")
    if work.connection.execute(_BRAND.where(brands.c.name == name)).first():
        raise BrandNameTaken(f"a brand is called {name!r} already: choose another name")
    event = BrandChanged(brand_id=work.ids("brand"), name=name, category=category, status="applied")
    row = event.model_dump() | {"changed_at": work.now}
    work.connection.execute(sa.insert(brands), row)
    work.tell(event, by)
    return event.brand_id


def verify(work: Work, brand_id: str, *, by: Origin) -> None:
    """The brand's papers are in order: it may open shops and be named in notes.

    Raises:
        BrandUnknown: there is no such brand.
        BrandNotReady: it is certified already.
    """
    _step(work, brand_id, "verified", by)


def certify(work: Work, brand_id: str, *, by: Origin) -> None:
    """The brand gets its certified account.

    Raises:
        BrandUnknown: there is no such brand.
        BrandNotReady: it is not verified.
    """
    _step(work, brand_id, "certified", by)


def suspend(work: Work, brand_id: str, *, by: Origin) -> None:
    """The brand can neither open shops nor list products until it is verified again.

    Raises:
        BrandUnknown: there is no such brand.
    """
    _step(work, brand_id, "suspended", by)


def brand(source: sa.Connection | sa.Engine, brand_id: str) -> Brand:
    """The brand as it stands.

    Raises:
        BrandUnknown: there is no such brand.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return brand(connection, brand_id)
    row = source.execute(_BRAND.where(brands.c.brand_id == brand_id)).mappings().one_or_none()
    if row is None:
        raise BrandUnknown(f"there is no brand {brand_id!r}: let it apply first")
    return Brand(**row)


def ready_brand(work: Work, brand_id: str) -> Brand:
    """The brand, if it may sell.

    Raises:
        BrandUnknown: there is no such brand.
        BrandNotReady: it is neither verified nor certified.
    """
    found = brand(work.connection, brand_id)
    if found.status not in ("verified", "certified"):
        raise BrandNotReady(f"brand {brand_id!r} is {found.status}: verify it first")
    return found


def _step(work: Work, brand_id: str, status: Status, by: Origin) -> None:
    one = brands.c.brand_id == brand_id
    work.connection.execute(sa.select(brands.c.brand_id).where(one).with_for_update())
    found = brand(work.connection, brand_id)
    if found.status == status:
        return
    if found.status not in BEFORE[status]:
        wanted = " or ".join(BEFORE[status])
        raise BrandNotReady(
            f"brand {brand_id!r} is {found.status}, it becomes {status} only when {wanted}"
        )
    changed = sa.update(brands).where(one).values(status=status, changed_at=work.now)
    work.connection.execute(changed)
    work.tell(BrandChanged(**vars(found) | {"status": status}), by)
