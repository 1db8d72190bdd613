"""Who gains from a group and who loses by it: chosen once, from those it can reach."""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from platform_core.simulation.groups.errand_schema import Pick, Whose
from platform_core.simulation.groups.scene import Brand, Scene
from platform_core.simulation.groups.schema import Group, Party

Thing = TypeVar("Thing")

LARGE_SHARE: Final = 0.34
SMALL_SHARE: Final = 0.5
"""Of all, by size: what counts as large and as small."""


@dataclass(frozen=True)
class Stakeholder:
    """A brand (``id`` is the brand's), a creator or the members (``persons``), or an outsider."""

    what: str
    name: str
    id: str | None = None
    persons: tuple[int, ...] = ()


@dataclass(frozen=True)
class Parties:
    """Both sides of a group; None where it has none."""

    beneficiary: Stakeholder | None
    victim: Stakeholder | None

    def side(self, whose: Whose) -> Stakeholder | None:
        """The beneficiary or the victim."""
        return self.beneficiary if whose == "beneficiary" else self.victim


def choose(
    group: Group, scene: Scene, members: tuple[int, ...], rng: np.random.Generator
) -> Parties:
    """The parties of a group; a rival is chosen after the one whose rival it is.

    Raises:
        ValueError: the town has nobody who fits; the message names the group and the party.
    """
    sides: dict[Whose, Stakeholder | None] = {"beneficiary": None, "victim": None}
    wanted: dict[Whose, Party | None] = {
        "beneficiary": group.beneficiary,
        "victim": group.victim,
    }
    for side in sorted(sides, key=lambda name: _is_rival(wanted[name])):
        party = wanted[side]
        if party is not None:
            other = sides["victim" if side == "beneficiary" else "beneficiary"]
            sides[side] = _stakeholder(group, side, party, other, scene, members, rng)
    return Parties(sides["beneficiary"], sides["victim"])


def _is_rival(party: Party | None) -> bool:
    return party is not None and party.which == "rival"


def _stakeholder(
    group: Group,
    side: Whose,
    party: Party,
    other: Stakeholder | None,
    scene: Scene,
    members: tuple[int, ...],
    rng: np.random.Generator,
) -> Stakeholder:
    if party.what == "outsider":
        return Stakeholder("outsider", party.name)
    if party.what == "members":
        return Stakeholder("members", group.id, persons=members)
    if party.what == "creator":
        return _creator(group, party, scene, members, rng)
    brand = _brand(party, _reachable(group, side, scene), other, scene, rng)
    if brand is None:
        raise ValueError(f"group {group.id}: {side}: the town has no {party.which} brand for it")
    return Stakeholder("brand", brand.name, brand.brand_id)


def _reachable(group: Group, side: Whose, scene: Scene) -> list[Brand]:
    """The brands that have what the errand is aimed at."""
    aims = [step.aim for step in group.errand.steps if step.aim] + [group.errand.query]
    of = {aim.what for aim in aims if isinstance(aim, Pick) and aim.whose == side}
    return [
        brand
        for brand in scene.brands
        if ("product" not in of or brand.products)
        and ("ad_campaign" not in of or brand.campaigns)
        and ("keyword" not in of or brand.keywords)
        and ("coupon" not in of or brand.coupons)
    ]


def _brand(
    party: Party,
    brands: list[Brand],
    other: Stakeholder | None,
    scene: Scene,
    rng: np.random.Generator,
) -> Brand | None:
    known = scene.brand(other.id) if other else None
    brands = [brand for brand in brands if brand != known]
    if party.which == "rival" and known is not None:
        brands = [brand for brand in brands if brand.category == known.category] or brands
    elif party.which in ("large", "small"):
        brands = _of_size(party.which, sorted(brands, key=lambda brand: -brand.share))
    return brands[rng.integers(len(brands))] if brands else None


def _creator(
    group: Group,
    party: Party,
    scene: Scene,
    members: tuple[int, ...],
    rng: np.random.Generator,
) -> Stakeholder:
    writing = set(scene.author_of.values())
    creators = [person for person in scene.creators if person not in members]
    creators = [person for person in creators if person in writing] or creators
    if party.which in ("large", "small"):
        creators = _of_size(party.which, creators)
    if not creators:
        raise ValueError(f"group {group.id}: the town has no {party.which} creator for it")
    person = creators[rng.integers(len(creators))]
    return Stakeholder("creator", scene.creators[person], scene.creators[person], (person,))


def _of_size(which: str, largest_first: list[Thing]) -> list[Thing]:
    """The largest or the smallest of them, at least one if there are any."""
    count = len(largest_first)
    if which == "large":
        return largest_first[: max(1, round(count * LARGE_SHARE))]
    return largest_first[count - max(1, round(count * SMALL_SHARE)) :]
