"""On which device and from which address somebody acts at a moment.

At night mostly from home, in working hours from the office or campus, and else from a phone's
carrier; a second device mostly stays at home. Whatever a person does, for whatever cause, their
own devices and networks are drawn here.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.people import network
from platform_core.simulation.people.rhythm import local_hours, on_weekend
from platform_core.simulation.plan import Plan
from platform_core.simulation.words.vocabulary import vocabulary

Rows = npt.NDArray[np.integer]
Floats = npt.NDArray[np.float64]
Instants = npt.NDArray[np.datetime64]

ORIGIN: Final = ("device_id", "device_model", "os", "user_agent", "ip")
NEEDED: Final = ("person", "devices", "home_ip", "work_ip", "mobile_ips")

AT_WORK_ON_WEEKENDS: Final = 0.12
HABIT: Final = (0.3, 1.7)
"""Some nearly always use their carrier's network, some hardly ever."""
MAIN_DEVICE: Final = 0.84


def origins(
    plan: Plan, people: pl.DataFrame, persons: Rows, instants: Instants, rng: np.random.Generator
) -> pl.DataFrame:
    """The columns of ``ORIGIN``: a row for each person (row of PEOPLE) and moment (UTC)."""
    rows = people.select(NEEDED)[persons]
    is_out, is_at_work = _whereabouts(rows, instants, rng)
    is_home = ~is_out & ~is_at_work
    device = _devices(rows["devices"], is_home, rng)
    address = _addresses(plan, rows, instants, is_out, is_at_work, rng)
    return device.with_columns(ip=address)


def _whereabouts(
    rows: pl.DataFrame, instants: Instants, rng: np.random.Generator
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether each is on a carrier's network, and whether at work."""
    hours = local_hours(instants)
    usually_out, usually_at_work = _hourly("out"), _hourly("at_work")
    person = rows["person"].cast(pl.UInt64).to_numpy()
    low, high = HABIT
    habit = low + (high - low) * ((person * network.MIX) & 0xFFFFFFFF) / 2**32
    is_out = rng.random(hours.size) < usually_out[hours] * habit
    works = rows["work_ip"].is_not_null().to_numpy()
    usual = usually_at_work[hours] * np.where(on_weekend(instants), AT_WORK_ON_WEEKENDS, 1.0)
    return is_out, ~is_out & works & (rng.random(hours.size) < usual)


def _addresses(
    plan: Plan,
    rows: pl.DataFrame,
    instants: Instants,
    is_out: npt.NDArray[np.bool_],
    is_at_work: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> pl.Series:
    mobile = _drawn(rows["mobile_ips"], rng.random(rows.height))
    first = np.datetime64(plan.starts_at.replace(tzinfo=None), "D")
    days = (instants.astype("datetime64[D]") - first).astype(np.int64)
    home = network.written(network.leased(network.read(rows["home_ip"]), days))
    away = rows["work_ip"].zip_with(pl.Series(is_at_work), home)
    return mobile.zip_with(pl.Series(is_out) & mobile.is_not_null(), away).alias("ip")


def _devices(
    devices: pl.Series, is_home: npt.NDArray[np.bool_], rng: np.random.Generator
) -> pl.DataFrame:
    other = is_home & (rng.random(is_home.size) > MAIN_DEVICE)
    drawn = _drawn(devices, np.where(other, rng.random(is_home.size), 0.0))
    return drawn.struct.unnest().rename({"model": "device_model"})


def _drawn(lists: pl.Series, places: Floats) -> pl.Series:
    """The item at each place (0 to 1) of each list; null of an empty one."""
    lengths = lists.list.len().to_numpy()
    return lists.list.get(pl.Series((places * lengths).astype(np.int64)), null_on_oob=True)


@cache
def _hourly(whereabouts: str) -> Floats:
    """The chance of being there, by local hour."""
    return np.array(vocabulary("networks")["whereabouts"][whereabouts]) / 100
