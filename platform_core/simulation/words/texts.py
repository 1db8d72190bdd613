"""What people write: notes, reviews, comments and searches, seldom twice the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from platform_core.simulation.words.grammar import Grammar
from platform_core.simulation.words.vocabulary import vocabulary

ENGLISH: Final = 0.04
"""Of texts, those in English."""
MENTIONS: Final = 0.12
"""Of notes that show a product, those that name its brand with an @."""
SEARCHES_OF_A_TOPIC: Final = 300
"""From so many, with their repetitions, the searches for a topic are drawn."""
PRICE_SPREAD: Final = (0.6, 1.6)
WORDS: Final = ("brand", "line", "kind", "product", "price", "city", "topic", "variant")
"""What a text is about; everything else comes from the grammar."""

Indices = npt.NDArray[np.integer]
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Ware:
    """A product as texts speak of it; ``price`` is in yuan."""

    product: str
    brand: str
    line: str
    kind: str
    category: str
    price: int


class Writing(NamedTuple):
    """A note's words."""

    title: str
    text: str


class Texts:
    """The words of the town; topics go by their row, products by their id."""

    def __init__(self, topics: Iterable[str], wares: Mapping[str, Ware]) -> None:
        self.topics = tuple(topics)
        self.wares = wares

    def note(
        self, rng: np.random.Generator, topic: int, product_id: str | None = None, city: str = ""
    ) -> Writing:
        """What somebody from ``city`` writes about a topic, or about a product within it."""
        draw = _draw(rng)
        ware = self.wares[product_id] if product_id else self._talked_about(topic, draw)
        grammar, words = self._voice(topic, ware, draw)
        if city:
            words["city"] = city
        title, text = (grammar.say(rule, words, draw) for rule in ("note_title", "note_text"))
        if product_id and draw.random() < MENTIONS:
            text += f" @{self.wares[product_id].brand}"
        return Writing(title, text)

    def brand_note(self, rng: np.random.Generator, topic: int, product_id: str) -> Writing:
        """What a brand writes about a product of its own."""
        draw = _draw(rng)
        ware = self.wares[product_id]
        words = self._words(topic, ware, draw)
        grammar = self._grammars[ware.category]
        return Writing(*(grammar.say(rule, words, draw) for rule in ("brand_title", "brand_text")))

    def review(self, rng: np.random.Generator, product_id: str, stars: int) -> str:
        """What a buyer writes beside so many stars (1 to 5)."""
        draw = _draw(rng)
        ware = self.wares[product_id]
        grammar, words = self._voice(None, ware, draw)
        return grammar.say(f"review_{stars}", words, draw)

    def comment(self, rng: np.random.Generator, topic: int) -> str:
        """What somebody leaves under a note of this topic."""
        draw = _draw(rng)
        grammar, words = self._voice(topic, self._talked_about(topic, draw), draw)
        return grammar.say("comment", words, draw)

    def query(self, rng: np.random.Generator, topic: int) -> str:
        """What somebody who likes this topic searches for."""
        return self.queries(rng, np.array([topic]))[0]

    def queries(self, rng: np.random.Generator, topics: Indices) -> list[str]:
        """One search for each of the topics; some words are searched for again and again."""
        chosen = rng.integers(SEARCHES_OF_A_TOPIC, size=topics.size)
        rows = zip(topics.tolist(), chosen.tolist(), strict=True)
        return [self._searches[topic][row] for topic, row in rows]

    @cached_property
    def _searches(self) -> list[list[str]]:
        draw = Random(0)
        return [
            [self._search(topic, draw) for _ in range(SEARCHES_OF_A_TOPIC)]
            for topic in range(len(self.topics))
        ]

    def _search(self, topic: int, draw: Random) -> str:
        grammar, words = self._voice(topic, self._talked_about(topic, draw), draw)
        return grammar.say("query", words, draw)

    def _voice(self, topic: int | None, ware: Ware, draw: Random) -> tuple[Grammar, dict[str, str]]:
        words = self._words(topic, ware, draw)
        kinds = vocabulary("english")["kinds"]
        if ware.kind not in kinds or draw.random() > ENGLISH:
            return self._grammars[ware.category], words
        brand = _latin_names().get(ware.brand, ware.brand)
        return self._english, words | {"kind": kinds[ware.kind], "brand": brand}

    def _words(self, topic: int | None, ware: Ware, draw: Random) -> dict[str, str]:
        category = vocabulary("categories").get(ware.category)
        words = {
            "brand": ware.brand,
            "line": ware.line,
            "kind": ware.kind,
            "product": ware.product,
            "price": str(ware.price),
            "city": _pick(tuple(vocabulary("cities")["cities"]), draw),
            "topic": self.topics[topic] if topic is not None else ware.kind,
        }
        if category:
            words["variant"] = _pick(category["variants"], draw)
        return words

    def _talked_about(self, topic: int, draw: Random) -> Ware:
        """Something of the topic that is spoken of, whether or not it is sold in the town."""
        name = self.topics[topic]
        if products := self._wares_of_topic.get(name):
            return _pick(products, draw)
        about = name if name in self._grammars else _category(name)
        kinds = _kinds(about, name)
        kind = _pick(kinds, draw) if kinds else self._grammars[about].say("kind", {}, draw)
        brand = _pick(_brands(about), draw) if kinds else kind
        price = round(100 * draw.uniform(*PRICE_SPREAD))
        return Ware(kind, brand, brand, kind, about, price)

    @cached_property
    def _wares_of_topic(self) -> dict[str, list[Ware]]:
        listed: dict[str, list[Ware]] = {}
        for ware in self.wares.values():
            for topic in vocabulary("categories")[ware.category]["kinds"][ware.kind]["topics"]:
                listed.setdefault(topic, []).append(ware)
        return listed

    @cached_property
    def _grammars(self) -> dict[str, Grammar]:
        sentences, verdicts = vocabulary("sentences"), vocabulary("verdicts")
        about = {name: (verdicts, rules) for name, rules in vocabulary("goods").items()}
        about |= {name: ({}, rules) for name, rules in vocabulary("outings").items()}
        grammars = {name: Grammar(sentences, *rules) for name, rules in about.items()}
        for grammar in grammars.values():
            grammar.check(WORDS)
        return grammars

    @cached_property
    def _english(self) -> Grammar:
        grammar = Grammar(vocabulary("english")["rules"])
        grammar.check(WORDS)
        return grammar


def _category(topic: str) -> str:
    return str(vocabulary("topics")[topic]["category"])


def _kinds(category: str, topic: str) -> list[str]:
    """Kinds of goods of which a topic is; none if it is not about goods."""
    kinds = vocabulary("categories").get(category, {}).get("kinds", {})
    return [kind for kind, facts in kinds.items() if topic in facts["topics"]]


def _brands(category: str) -> list[str]:
    brands = vocabulary("brands")["brands"]
    return [brand["name"] for brand in brands if category in brand["categories"]]


def _latin_names() -> dict[str, str]:
    return {brand["name"]: brand["latin"] for brand in vocabulary("brands")["brands"]}


def _pick(things: Sequence[Thing], draw: Random) -> Thing:
    return things[int(draw.random() * len(things))]


def _draw(rng: np.random.Generator) -> Random:
    return Random(int(rng.integers(2**63)))
