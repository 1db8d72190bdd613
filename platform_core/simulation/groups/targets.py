"""What a step is aimed at: ids of the town's things, or words to search for, drawn from a pick."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from platform_core.simulation.groups.errand_schema import Pick, Whose
from platform_core.simulation.groups.parties import Parties, Stakeholder
from platform_core.simulation.groups.scene import Brand, Scene

RECENCY: Final = 0.7
"""The newest is aimed at that much more often than the one before it."""
TRIES: Final = 24
"""Draws of a target before a step is given up, because the targets left are too few."""
ENOUGH: Final = 4
"""Products with notes: with fewer, products that nobody writes about are aimed at, too."""
RECENT: Final = 30
"""Notes that people go back to when they want the newest ones."""


@dataclass
class Aims:
    """What a group aims at; ``focused`` keeps what was chosen once for the whole campaign."""

    parties: Parties
    members: tuple[int, ...]
    focused: dict[Pick, tuple[str, ...]] = field(default_factory=dict)
    _scene: Scene | None = None
    _today: dict[Pick, Sequence[str]] = field(default_factory=dict)

    def draw(
        self, pick: Pick, scene: Scene, used: set[str], me: int, rng: np.random.Generator
    ) -> str | None:
        """One target that is not among ``used`` nor the person's own; None: there is none left."""
        options = self.options(pick, scene, rng)
        count = len(options)
        for _ in range(TRIES if count else 0):
            row = int(rng.geometric(1 - RECENCY)) - 1 if pick.newest else int(rng.integers(count))
            if (
                row < count
                and options[row] not in used
                and not _is_own(pick, options[row], me, scene)
            ):
                return options[row]
        return None

    def options(self, pick: Pick, scene: Scene, rng: np.random.Generator) -> Sequence[str]:
        """All that may be aimed at; notes newest first."""
        if pick in self.focused:
            return self.focused[pick]
        if self._scene is not scene:
            self._scene, self._today = scene, {}
        if pick not in self._today:
            self._today[pick] = self._found(pick, scene)
        found = self._today[pick]
        return found if pick.focus is None else self._focus(pick, found, pick.focus, rng)

    def _focus(
        self, pick: Pick, found: Sequence[str], count: int, rng: np.random.Generator
    ) -> Sequence[str]:
        nearest = found[:count] if pick.what == "note" else found
        chosen = tuple(nearest[row] for row in rng.permutation(len(nearest))[:count])
        if chosen:
            self.focused[pick] = chosen
        return chosen

    def _found(self, pick: Pick, scene: Scene) -> Sequence[str]:
        match pick.what:
            case "note":
                return self._notes(pick.whose, scene)
            case "creator":
                return [scene.creators[person] for person in self._creators(pick.whose, scene)]
            case "topic":
                return list(scene.topics)
            case "brand":
                return [brand.brand_id for brand in self.brands(pick.whose, scene)]
            case "product":
                return _written_about(self.brands(pick.whose, scene), scene)
            case "ad_campaign":
                return [c for brand in self.brands(pick.whose, scene) for c in brand.campaigns]
            case "coupon":
                return [c for brand in self.brands(pick.whose, scene) for c in brand.coupons]
            case "keyword":
                return [k for brand in self.brands(pick.whose, scene) for k in brand.keywords]
            case "name":
                return [
                    f"{brand.name}{scene.wares[product].name}"
                    for brand in self.brands(pick.whose, scene)
                    for product in brand.products
                ]

    def brands(self, whose: Whose, scene: Scene) -> list[Brand]:
        """The brands of one side, or all that belong to neither."""
        if whose == "anyone":
            return list(scene.brands)
        taken = [self._brand(side, scene) for side in ("beneficiary", "victim")]
        if whose == "others":
            return [brand for brand in scene.brands if brand not in taken]
        of = self._brand(whose, scene)
        return [of] if of else []

    def _brand(self, whose: str, scene: Scene) -> Brand | None:
        if whose not in ("beneficiary", "victim"):
            return None
        side = self.parties.beneficiary if whose == "beneficiary" else self.parties.victim
        return scene.brand(side.id) if side and side.what == "brand" else None

    def _creators(self, whose: Whose, scene: Scene) -> list[int]:
        if whose == "anyone":
            return list(scene.creators)
        if whose == "others":
            mine = set(self.members) | set(_persons(self.parties.beneficiary))
            return [person for person in scene.creators if person not in mine]
        persons = self.members if whose == "members" else _persons(self.parties.side(whose))
        return [person for person in persons if person in scene.creators]

    def _notes(self, whose: Whose, scene: Scene) -> list[str]:
        """Notes newest first: by the creators meant, or showing a product of the brands meant."""
        notes = scene.newest_first
        if whose == "anyone":
            return notes[:RECENT]
        brands = self.brands(whose, scene) if whose != "members" else []
        if brands:
            meant = {product for brand in brands for product in brand.products}
            shown = scene.products_of
            return [note for note in notes if meant.intersection(shown[note])][:RECENT]
        authors = set(self._creators(whose, scene))
        return [note for note in notes if scene.author_of[note] in authors][:RECENT]


def _written_about(brands: list[Brand], scene: Scene) -> list[str]:
    """The brands' products; only those that notes show, if these are enough to choose from."""
    products = [product for brand in brands for product in brand.products]
    shown = [product for product in products if product in scene.notes_with]
    return shown if len(shown) >= ENOUGH else products


def _persons(side: Stakeholder | None) -> tuple[int, ...]:
    return side.persons if side else ()


def _is_own(pick: Pick, target: str, me: int, scene: Scene) -> bool:
    if pick.what == "note":
        return scene.author_of.get(target) == me
    return pick.what == "creator" and scene.creators.get(me) == target
