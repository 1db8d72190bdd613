"""The auction itself: second price with quality, for many requests at once.

Ads are ranked by bid times predicted click rate; each pays the least that keeps its rank
(generalised second price: Edelman, Ostrovsky and Schwarz, American Economic Review 97, 2007).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RESERVE_MINOR: Final = 10
"""The least that a click costs; bids below it take no part."""
TIES: Final = 1e-9
"""So little, times a draw, that it decides between equals and nothing else."""


@dataclass(frozen=True)
class Ranking:
    """The best offers of every request, one an advertiser; requests x ranks.

    ``offer`` is -1 where nobody bid; ``score`` is bid times predicted click rate.
    """

    offer: Integers
    price_minor: Integers
    score: Floats


def rank(
    bids_minor: Floats,
    click_rates: Floats,
    advertisers: Integers,
    ranks: int,
    rng: np.random.Generator,
) -> Ranking:
    """Rank offers and price the first ``ranks`` of them.

    ``bids_minor`` and ``click_rates`` are requests x offers, a bid of 0 takes no part;
    ``advertisers`` numbers the advertiser of each offer. An advertiser has one ad a request and
    does not raise the price against itself.
    """
    taking_part = bids_minor >= RESERVE_MINOR
    scores = np.where(taking_part, bids_minor * click_rates, -1.0)
    scores += np.where(taking_part, TIES * rng.random(scores.shape), 0.0)
    best = _best_of_each(scores, advertisers)
    best_scores = np.take_along_axis(scores, best, axis=1)
    order = np.argsort(-best_scores, axis=1)[:, : ranks + 1]
    offer = np.take_along_axis(best, order, axis=1)
    score = np.take_along_axis(scores, offer, axis=1)
    price = _prices(offer, score, bids_minor, click_rates)
    offer = np.where(score > 0, offer, -1)
    return Ranking(offer[:, :ranks], price[:, :ranks], score[:, :ranks])


def _best_of_each(scores: Floats, advertisers: Integers) -> Integers:
    """The best offer of every advertiser: requests x advertisers."""
    best = [
        own[np.argmax(scores[:, own], axis=1)]
        for own in (np.flatnonzero(advertisers == one) for one in np.unique(advertisers))
    ]
    return np.stack(best, axis=1)


def _prices(offer: Integers, score: Floats, bids_minor: Floats, click_rates: Floats) -> Integers:
    """The least whole price at which each would still stand above the next; at most its bid."""
    runner_up = np.pad(score[:, 1:], ((0, 0), (0, 1)), constant_values=0.0)
    rate = np.take_along_axis(click_rates, offer, axis=1)
    bid = np.take_along_axis(bids_minor, offer, axis=1)
    needed = np.floor(np.maximum(runner_up, 0.0) / np.maximum(rate, TIES) + 1e-6) + 1
    price: Floats = np.clip(needed, RESERVE_MINOR, np.maximum(bid, RESERVE_MINOR))
    return price.astype(np.int64)
