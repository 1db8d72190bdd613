"""The steps of one errand: what is done to what, after how long and in which words."""

import json
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from platform_core.simulation.groups.errand_schema import (
    NEEDS,
    Errand,
    Purchase,
    Step,
    Through,
    Wording,
)
from platform_core.simulation.groups.scene import Scene
from platform_core.simulation.groups.targets import Aims
from platform_core.simulation.groups.wordings import worded

Rng = np.random.Generator

APPEAL: Final = (-0.45, 0.85)
"""Mean and sigma of the logarithm of how much a group's notes appeal; 0 is common."""
PULL: Final = 0.02
"""How large, at most, the chance is that a reader later buys because of such a note."""
PLACE: Final = 0.3
"""Of notes, those that name the author's city."""
MARK: Final = "\n#广告 #品牌合作"
FEW, MANY, CARDS = 4, 10**9, 2
APPROACH_S, APPROACH_SPREAD = 7.0, 0.7
"""Median and sigma of the seconds before a note or a search that leads to a product."""
REPORT_REASONS: Final = ("advertising", "untrue", "offensive", "stolen")


class Words(Protocol):
    """How the people of the town write; the same for honest people and for groups."""

    def comment(self, rng: Rng, topic: int) -> str:
        """Words under a note about a topic."""
        ...

    def review(self, rng: Rng, product_id: str, stars: int) -> str:
        """Words under a product."""
        ...

    def note(
        self, rng: Rng, topic: int, product_id: str | None = None, city: str = ""
    ) -> tuple[str, str]:
        """A title and words about a topic or product."""
        ...


@dataclass(frozen=True)
class Means:
    """Who runs an errand, and what the group has in common: parcels' addresses and a card."""

    group: str
    person: int
    city: str

    def destination(self, kind: str, rng: Rng) -> str:
        """A name of one of the group's few addresses, or of another one of very many."""
        return f"{self.group}/{kind}/{rng.integers(FEW if kind == 'few' else MANY)}"

    def instrument(self) -> str:
        """A name of the card that pays for several members."""
        return f"{self.group}/card/{self.person % CARDS}"


class Author:
    """Writes the steps of errands on one day."""

    def __init__(self, scene: Scene, words: Words, rng: Rng) -> None:
        self.scene = scene
        self.words = words
        self.rng = rng

    def steps(self, errand: Errand, aims: Aims, means: Means) -> list[dict[str, Any]]:
        """The steps of one visit: rows of STEPS without the visit."""
        rows: list[dict[str, Any]] = []
        used: set[str] = set()
        rounds = int(self.rng.integers(errand.rounds[0], errand.rounds[1] + 1))
        for _ in range(rounds):
            self._round(errand, aims, means, used, rows)
        return [{"step": number, **row} for number, row in enumerate(rows, start=1)]

    def _round(
        self,
        errand: Errand,
        aims: Aims,
        means: Means,
        used: set[str],
        rows: list[dict[str, Any]],
    ) -> None:
        found: dict[str, str] = {}
        note: str | None = None
        for step in errand.steps:
            if self.rng.random() >= step.chance:
                continue
            target = self._target(step, aims, found, used, means.person)
            any_ad = step.do == "click_ad" and step.aim is not None and step.aim.whose == "anyone"
            if target is None and not any_ad:
                continue
            if step.do == "read_note":
                note = target
            elif step.do == "view_product" and target not in self._shown(note):
                way = self._way(step.through, target or "")
                note = next((row["target"] for row in way if row["verb"] == "read_note"), None)
                rows += way
            rows.append(self._row(step, None if any_ad else target, note, means))

    def _way(self, through: Through, product: str) -> list[dict[str, Any]]:
        """How somebody comes upon a product: by a note that shows it, by a search, or straight."""
        luck = self.rng.random()
        notes = self.scene.notes_with.get(product, ())
        if luck < through.note and notes:
            note = notes[self.rng.integers(len(notes))]
            return [self._plain("read_note", APPROACH_S, target=note)]
        if luck < through.note + through.search:
            ware, brand = self.scene.wares[product], self.scene.brand_of[product]
            return [self._plain("search", APPROACH_S, text=f"{brand.name}{ware.name}")]
        return []

    def _plain(self, verb: str, after_s: float, **given: Any) -> dict[str, Any]:
        """A step like anybody's."""
        nothing = dict.fromkeys(("target", "text", "value", "link"))
        after = self._seconds(after_s, APPROACH_SPREAD)
        return {"after_s": after, "first": False, "verb": verb} | nothing | given

    def _target(
        self, step: Step, aims: Aims, found: dict[str, str], used: set[str], me: int
    ) -> str | None:
        """A new target of the step's own aim, or else what a step before it was aimed at."""
        if step.aim is None:
            return next((found[what] for what in found if what in NEEDS[step.do]), None)
        target = aims.draw(step.aim, self.scene, used, me, self.rng)
        if target is not None:
            found[step.aim.what] = target
            used.add(target)
        return target

    def _row(
        self, step: Step, target: str | None, note: str | None, means: Means
    ) -> dict[str, Any]:
        row: dict[str, Any] = {
            "after_s": self._seconds(step.after_s, step.spread),
            "first": step.first,
            "verb": step.do,
            "target": target,
            "text": None,
            "value": None,
            "link": self._link(step, target, note),
        }
        match step.do:
            case "search":
                row |= {"target": None, "text": target}
            case "read_note" | "view_product" if step.dwell_s is not None:
                row["value"] = int(1000 * self._seconds(step.dwell_s, step.spread))
            case "comment":
                row["text"] = self._comment(step.wording, target)
            case "report":
                row["text"] = REPORT_REASONS[self.rng.integers(len(REPORT_REASONS))]
            case "review":
                stars = self._stars(step.stars)
                row |= {"value": stars, "text": self._review(step.wording, target, stars)}
            case "order":
                row["text"] = self._order(step.purchase, target, means)
            case "publish_note":
                row |= {"target": None, "text": self._note(step, target, means)}
        return row

    def _seconds(self, median: float, spread: float) -> float:
        return float(median * np.exp(self.rng.normal(0.0, spread)))

    def _link(self, step: Step, target: str | None, note: str | None) -> str | None:
        """The note read before, if it shows the product."""
        shops = step.do in ("view_product", "add_to_cart", "order")
        return note if shops and target in self._shown(note) else None

    def _shown(self, note: str | None) -> tuple[str, ...]:
        return self.scene.products_of.get(note or "", ())

    def _stars(self, weights: dict[int, float] | None) -> int:
        known = weights or {5: 1.0}
        shares = np.array(list(known.values()))
        return int(self.rng.choice(list(known), p=shares / shares.sum()))

    def _comment(self, wording: Wording, note: str | None) -> str:
        if wording.source == "honest":
            return self.words.comment(self.rng, self.scene.topic_of.get(note or "", 0))
        shown = self._shown(note)
        return self._worded(wording, shown[0] if shown else None)

    def _review(self, wording: Wording, product: str | None, stars: int) -> str:
        if wording.source == "honest":
            return self.words.review(self.rng, product or "", stars)
        return self._worded(wording, product)

    def _worded(self, wording: Wording, product: str | None) -> str:
        """Words of the file, about a product; without one they say 这家 and 这个."""
        ware, brand = self.scene.wares.get(product or ""), self.scene.brand_of.get(product or "")
        names = ware.name if ware else "这个", brand.name if brand else "这家"
        return worded(wording, *names, self.rng)

    def _order(self, purchase: Purchase, product: str | None, means: Means) -> str | None:
        """What differs from an ordinary order, as JSON; None if nothing does."""
        fewest, most = purchase.quantity
        said: dict[str, Any] = {}
        if most > 1:
            said["quantity"] = int(self.rng.integers(fewest, most + 1))
        if purchase.ship_to != "own":
            said["ship_to"] = means.destination(purchase.ship_to, self.rng)
        if purchase.instrument == "shared":
            said["instrument"] = means.instrument()
        if purchase.empty_parcel:
            said["empty_parcel"] = True
        if self.rng.random() < purchase.cancel:
            said["cancel"] = True
        elif self.rng.random() < purchase.refund:
            said["refund_after_days"] = purchase.refund_after_days + int(self.rng.integers(0, 4))
        if purchase.stars and self.rng.random() < purchase.review_chance:
            stars = self._stars(purchase.stars)
            text = self._review(purchase.wording, product, stars)
            said["review"] = {"stars": stars, "text": text}
        return json.dumps(said, ensure_ascii=False) if said else None

    def _note(self, step: Step, target: str | None, means: Means) -> str:
        """A note about a product or a topic, as JSON."""
        ware = self.scene.wares.get(target or "")
        topic = ware.topic if ware else self.scene.topics.index(target or "")
        shown = [target] if ware and target else []
        title, text = self.words.note(self.rng, topic, shown[0] if shown else None, means.city)
        if step.wording.source != "honest":
            text = self._worded(step.wording, target)
        said = {
            "title": title,
            "text": text + (MARK if step.disclosed else ""),
            "topics": [self.scene.topics[topic]],
            "place": means.city if self.rng.random() < PLACE else None,
            "product_ids": shown,
            "is_disclosed_ad": step.disclosed,
            "appeal": float(self.rng.lognormal(*APPEAL)),
            "pull": float(self.rng.random() * PULL),
        }
        return json.dumps(said, ensure_ascii=False)
