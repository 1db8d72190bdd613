"""Phones and tablets as people own them."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.acts.stamps import ids
from platform_core.simulation.plan import DEVICE
from platform_core.simulation.words.vocabulary import vocabulary

Rows = npt.NDArray[np.integer]
Floats = npt.NDArray[np.floating]

INCOME_PULL: Final = 1.6
"""How strongly people's means decide which phone they have."""
USUAL_INCOME: Final = 7_000
"""Yuan a month of somebody with income 1; models name the income of their usual owners."""


def phones(income: Floats, rng: np.random.Generator) -> pl.Series:
    """A phone for each of the incomes (1 is usual); a series of DEVICE."""
    return _devices("phones", income, rng)


def tablets(income: Floats, rng: np.random.Generator) -> pl.Series:
    """A tablet for each of the incomes (1 is usual); a series of DEVICE."""
    return _devices("tablets", income, rng)


def _devices(kind: str, income: Floats, rng: np.random.Generator) -> pl.Series:
    models = vocabulary("devices")[kind]
    chosen = _chosen(models, income, rng)
    agents = _agents(kind)
    version = (rng.random(chosen.size) * [len(agents[row]) for row in chosen]).astype(int)
    app = _app_versions(chosen.size, rng)
    described = {
        "device_id": ids(rng, "device", chosen.size),
        "model": [models[row]["model"] for row in chosen],
        "os": [models[row]["os"] for row in chosen],
        "user_agent": [
            agents[row][of_model].replace("APP", release)
            for row, of_model, release in zip(chosen, version, app, strict=True)
        ],
    }
    return pl.DataFrame(described).to_struct("device").cast(DEVICE)


def _chosen(models: Sequence[dict[str, Any]], income: Floats, rng: np.random.Generator) -> Rows:
    """Which model each has: common ones, and such as people of that income have."""
    common = np.log([model["weight"] for model in models])
    owners = np.log([model["income"] / USUAL_INCOME for model in models])
    fit = common[None, :] - INCOME_PULL * (np.log(income)[:, None] - owners[None, :]) ** 2
    return np.asarray((fit + rng.gumbel(size=fit.shape)).argmax(axis=1))


@cache
def _agents(kind: str) -> list[list[str]]:
    """What the app calls itself on each version of each model; APP stands for its release."""
    return [
        [f"Meadow/APP ({model['model']}; {model['os']} {version}; zh_CN)" for version in versions]
        for model in vocabulary("devices")[kind]
        for versions in [model["versions"]]
    ]


def _app_versions(count: int, rng: np.random.Generator) -> list[str]:
    said = vocabulary("devices")["app_versions"]
    weights = np.array(list(said.values()), float)
    return [str(name) for name in rng.choice(list(said), count, p=weights / weights.sum())]
