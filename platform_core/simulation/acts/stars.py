"""How many stars honest buyers give."""

from typing import Final

import numpy as np

from platform_core.simulation.life.lore import Floats, Rows

QUALITY_SIGMA: Final = 0.35
"""Of products' quality; 0 is common, and one star is worth about 1."""
TASTE_SIGMA: Final = 0.95
BORDERS: Final = (-2.05, -1.7, -1.25, -0.62)
"""Of somebody's content with a purchase: below the first it is one star, above the last five.

With quality and taste spread by 1 in all, about 73 % are five stars, 16 % four, and there are about
as many ones as twos and threes together: the J of online ratings (Hu, Zhang and Pavlou 2009)."""
GRUDGE: Final = 0.025
"""Of buyers, those who give one star for what is not the product's fault."""


def stars(quality: Floats, rng: np.random.Generator) -> Rows:
    """Stars (1 to 5) for products of this quality, one buyer each."""
    content = quality + rng.normal(0.0, TASTE_SIGMA, quality.size)
    given = 1 + np.searchsorted(BORDERS, content)
    return np.where(rng.random(quality.size) < GRUDGE, 1, given)


def qualities(count: int, rng: np.random.Generator) -> Floats:
    """How good so many products are."""
    return rng.normal(0.0, QUALITY_SIGMA, count)
