"""Where people live and work, and the addresses they share there."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.people import network
from platform_core.simulation.people.rhythm import profile_names

Rows = npt.NDArray[np.int64]

HOUSEHOLDS: Final = (0.74, 0.18, 0.06, 0.02)
"""Shares of households with one, two, three and four accounts."""
PEOPLE_A_WORKPLACE: Final = 6
PEOPLE_A_CAMPUS: Final = 40
SIZE_SPREAD: Final = 1.0
"""Sigma of the logarithm of workplaces' sizes."""


def of(
    city: npt.NDArray[Any],
    hour_profile: npt.NDArray[Any],
    count: int,
    rng: np.random.Generator,
    after: pl.DataFrame | None,
) -> dict[str, Any]:
    """Household, workplace (null: none) and addresses; people of a household live in one city.

    ``city`` (rows of ``network.cities()``) is changed in place accordingly. Households and
    workplaces are numbered after those of ``after``.
    """
    household = _households(count, rng)
    city[:] = city[np.unique(household, return_index=True)[1][household]]
    city_of_home = city[np.unique(household, return_index=True)[1]]
    home = network.home_addresses(city_of_home, rng)
    names = profile_names()
    studies = hour_profile == names.index("student")
    works = studies | (hour_profile == names.index("office"))
    workplace, address = _workplaces(city, studies, rng)
    return {
        "household": household + _next(after, "household"),
        "workplace": pl.Series(workplace + _next(after, "workplace")).zip_with(
            pl.Series(works), pl.repeat(None, count, dtype=pl.Int64, eager=True)
        ),
        "home_ip": network.written(home[household]),
        "work_ip": network.written(address[workplace]).zip_with(
            pl.Series(works), pl.repeat(None, count, dtype=pl.String, eager=True)
        ),
        "mobile_ips": _mobile(city, rng),
    }


def _households(count: int, rng: np.random.Generator) -> Rows:
    """The household of each, from 0 on; who lives together stands together."""
    sizes = rng.choice(len(HOUSEHOLDS), count, p=HOUSEHOLDS) + 1
    return np.repeat(np.arange(count), sizes)[:count]


def _workplaces(
    city: Rows, studies: npt.NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Rows, network.Addresses]:
    """A workplace or university of everybody's own city, and the address of each of them."""
    workplace = np.zeros(city.size, np.int64)
    addresses: list[network.Addresses] = []
    for place in np.unique(city):
        for is_campus in (False, True):
            members = np.flatnonzero((city == place) & (studies == is_campus))
            usual = PEOPLE_A_CAMPUS if is_campus else PEOPLE_A_WORKPLACE
            many = -(-members.size // usual)
            if many:
                size = rng.lognormal(0.0, SIZE_SPREAD, many)
                known = sum(map(len, addresses))
                workplace[members] = known + rng.choice(many, members.size, p=size / size.sum())
                made = network.campus_addresses if is_campus else network.office_addresses
                addresses.append(made(many, rng))
    return workplace, np.concatenate(addresses)


def _mobile(city: Rows, rng: np.random.Generator) -> pl.Series:
    """The addresses behind which everybody's phone may be: those of one carrier in one city."""
    carrier = network.carriers(city.size, rng)
    pools, pool = np.unique(np.stack([city, carrier], axis=1), axis=0, return_inverse=True)
    written = [
        network.written(network.carrier_addresses(*pair)).to_list() for pair in pools.tolist()
    ]
    return pl.Series(written, dtype=pl.List(pl.String))[pool.ravel()]


def _next(after: pl.DataFrame | None, column: str) -> int:
    used = [] if after is None else after[column].drop_nulls().to_list()
    return max(used, default=-1) + 1
