"""Who is suspicious when nobody has been decided yet: priors of acts and actors, made consistent.

As in SpEagle (Rayana and Akoglu: Collective Opinion Spam Detection, KDD 2015), an actor is honest
or not, and so are all their acts; evidence is a prior probability of each act and each actor.
SpEagle's third kind of node, a target that is good or bad, is here the target's share of
suspicious acts: a state of two values saturates at targets with hundreds of acts, a share does not.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]

ROUNDS: Final = 1
"""More change nothing to speak of."""

SATURATED: Final = 700.0
SURELY: Final = 1e-6
"""No prior is surer than this, or its actor could never be thought otherwise."""


@dataclass(frozen=True)
class Suspicion:
    """What is believed of each act.

    probability: that it is one of a dishonest actor's
    log_odds: the same, not saturated, to rank by
    """

    probability: Array
    log_odds: Array


def suspicion(
    acts: pl.DataFrame,
    *,
    actor: str,
    target: str,
    act_prior: str,
    actor_prior: str,
    target_strength: float = 20.0,
) -> Suspicion:
    """Pool the evidence on each actor, and on each target from the acts of all others.

    Args:
        acts: one row an act, with these columns; priors are probabilities that the act or actor is
            dishonest, from conduct alone, ``actor_prior`` the same on all acts of an actor.
        target_strength: acts' worth of the overall share by which a target's share is shrunk.

    Raises:
        ValueError: a prior is missing or not a probability.
    """
    evidence, own = (_log_odds(acts.get_column(name)) for name in (act_prior, actor_prior))
    actors, targets = (_codes(acts.get_column(name)) for name in (actor, target))
    log_odds = own + np.bincount(actors, evidence)[actors]
    for _ in range(ROUNDS):
        at_target = _share_of_others(_probability(log_odds), targets, target_strength)
        log_odds = own + np.bincount(actors, evidence + at_target)[actors]
    return Suspicion(_probability(log_odds), log_odds)


def _probability(log_odds: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-log_odds.clip(-SATURATED, SATURATED))))


def _share_of_others(probability: Array, targets: npt.NDArray[np.int64], strength: float) -> Array:
    """Log of the share of other suspicious acts at each act's target, over that of all acts."""
    overall = probability.sum() / max(len(probability), 1)
    others = np.bincount(targets)[targets] - 1
    found = np.bincount(targets, probability)[targets] - probability
    share: Array = np.log((found.clip(0) / overall + strength) / (others + strength))
    return share


def _log_odds(priors: pl.Series) -> Array:
    if priors.null_count() or not priors.is_between(0, 1).all():
        raise ValueError(f"{priors.name}: every act needs a probability, from 0 to 1")
    sure = priors.to_numpy().astype(float).clip(SURELY, 1 - SURELY)
    odds: Array = np.log(sure / (1 - sure))
    return odds


def _codes(ids: pl.Series) -> npt.NDArray[np.int64]:
    return ids.rank("dense").to_numpy().astype(np.int64) - 1
