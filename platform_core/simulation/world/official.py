"""Notes of the brands' own accounts: disclosed advertising for a product of theirs."""

from typing import Any, Final

import numpy as np
import polars as pl

from platform_core.simulation.words.texts import Texts

APPEAL: Final = (0.7, 0.45)
"""Median and sigma of the logarithm; 1 is common for creators' notes."""
PULL: Final = (0.004, 0.9, 0.05)
"""Median, sigma of the logarithm and maximum of the chance that a reader later buys."""


def official_note(texts: Texts, products: pl.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
    """What a brand publishes about one of its products (rows of ``World.products``)."""
    weights = products["appeal"].to_numpy().astype(float)
    product = products.row(int(rng.choice(products.height, p=weights / weights.sum())), named=True)
    title, text = texts.brand_note(rng, product["topic"], product["product_id"])
    median, sigma = APPEAL
    return {
        "title": title,
        "text": text,
        "topics": [texts.topics[topic] for topic in product["topics"]],
        "place": None,
        "product_ids": [product["product_id"]],
        "is_disclosed_ad": True,
        "appeal": float(median * rng.lognormal(0.0, sigma)),
        "pull": _pull(rng),
    }


def _pull(rng: np.random.Generator) -> float:
    median, sigma, most = PULL
    return float(min(most, median * rng.lognormal(0.0, sigma)))
