"""What the town sells: the brands' products and their variants, prices and weights."""

from typing import Any, Final

import numpy as np
import polars as pl

from platform_core.simulation.words.vocabulary import vocabulary

PRODUCTS_A_BRAND: Final = 15
VARIANTS: Final = (2, 4)
APPEAL_SPREAD: Final = 0.75
"""Sigma of the logarithm of how much products appeal: few of a brand's sell most."""
ENDINGS: Final = (0, 9)
"""Prices in yuan end in one of these."""


def assortment(rng: np.random.Generator) -> list[dict[str, Any]]:
    """The products of every brand, in the order of brands.yaml: facts without ids.

    ``brand`` is the brand's row, ``topic`` and ``topics`` are rows of topics.yaml, ``ware`` is the
    name without the brand; ``appeal`` is about 1 on average, ``return_rate`` a factor on the
    buyer's own.
    """
    brands = vocabulary("brands")["brands"]
    return [product for row, brand in enumerate(brands) for product in _products(row, brand, rng)]


def _products(row: int, brand: dict[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    kinds = [(category, kind) for category in brand["categories"] for kind in _kinds(category)]
    first = len(_kinds(brand["categories"][0]))
    lines = vocabulary("brands")["lines"]
    own = rng.permutation(len(lines))[: 1 + -(-PRODUCTS_A_BRAND // len(kinds))]
    offered = [(lines[line], *kind) for line in own for kind in kinds]
    weights = np.tile(np.where(np.arange(len(kinds)) < first, 3.0, 1.0), len(own))
    count = min(PRODUCTS_A_BRAND, len(offered))
    chosen = rng.choice(len(offered), count, replace=False, p=weights / weights.sum())
    return [_product(row, brand, offered[place], rng) for place in np.sort(chosen)]


def _product(
    row: int,
    brand: dict[str, Any],
    offered: tuple[dict[str, Any], str, str],
    rng: np.random.Generator,
) -> dict[str, Any]:
    line, category, kind = offered
    said = vocabulary("categories")[category]
    facts = said["kinds"][kind]
    names = list(vocabulary("topics"))
    topics = [names.index(topic) for topic in facts["topics"]]
    level = brand["price"] * line["price"] * rng.lognormal(0.0, 0.12)
    return {
        "brand": row,
        "name": f"{brand['name']}{line['name']}{kind}",
        "ware": f"{line['name']}{kind}",
        "line": line["name"],
        "kind": kind,
        "category": category,
        "topic": topics[0],
        "topics": topics,
        "price_minor": _price(facts["price"] * level, rng),
        "weight_grams": facts["grams"],
        "appeal": brand["share"] ** 0.5 * rng.lognormal(-(APPEAL_SPREAD**2) / 2, APPEAL_SPREAD),
        "return_rate": said["return_rate"],
        "variants": _variants(said["variants"], rng),
    }


def _price(yuan: float, rng: np.random.Generator) -> int:
    """A price as shops write it, in minor units: it ends in 9, seldom in 0."""
    ending = ENDINGS[int(rng.random() < 0.8)]
    return max(9, round((yuan - ending) / 10) * 10 + ending) * 100


def _variants(names: list[str], rng: np.random.Generator) -> list[str]:
    fewest, most = VARIANTS
    count = min(len(names), int(rng.integers(fewest, most + 1)))
    return [names[row] for row in np.sort(rng.permutation(len(names))[:count])]


def _kinds(category: str) -> list[str]:
    return list(vocabulary("categories")[category]["kinds"])


def catalogue(products: list[dict[str, Any]]) -> pl.DataFrame:
    """The products as a frame; whoever sells them adds their ids."""
    return pl.DataFrame(products).with_columns(
        pl.col("topic").cast(pl.Int16),
        pl.col("topics").cast(pl.List(pl.Int16)),
        pl.col("appeal", "return_rate").cast(pl.Float32),
    )
