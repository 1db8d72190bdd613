"""On which devices and from where the members of groups act, day by day.

Farms share devices, reset them and change addresses; people re-install the app or sit behind the
address of their office. Whatever is not said in a group's file stays as it is for everybody.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.acts.stamps import ids
from platform_core.simulation.groups.schedules import Rows
from platform_core.simulation.groups.schema import Devices, Group, Network
from platform_core.simulation.people import network
from platform_core.simulation.people.devices import phones
from platform_core.simulation.plan import DEVICE, PEOPLE_SCHEMA, Plan

CHEAP: Final = 0.45
"""Income of those who would own a cheap phone; 1 is usual."""
ROTATED: Final = 8
"""Addresses that a person has in turn, where they change with every visit."""
Members = tuple[Group, Rows]


def settled(plan: Plan, groups: Iterable[Members], people: pl.DataFrame) -> pl.DataFrame:
    """The people with the groups' devices and addresses, as they are at first."""
    for group, members in groups:
        rng = plan.rng(f"circumstances/{group.id}", 0)
        rows = _with_devices(people[members], group, rng)
        people = replaced(people, _with_addresses(rows, group, rng))
    return people


def changing(plan: Plan, groups: Iterable[Members], people: pl.DataFrame, day: int) -> pl.DataFrame:
    """The people with the devices and addresses that groups have on a day of the run."""
    parts = []
    for group, members in groups:
        devices, addresses = group.actors.devices, group.actors.network
        rows = people[members]
        if devices.rotate != "never":
            rows = _reset(plan, rows, group, day)
        if addresses.rotate != "never":
            rows = _with_addresses(rows, group, plan.rng(f"circumstances/{group.id}", day + 1))
        if devices.rotate != "never" or addresses.rotate != "never":
            parts.append(rows)
    return replaced(people, pl.concat(parts)) if parts else people


def replaced(people: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The people with some of their rows changed, in their order."""
    changed = rows.select(PEOPLE_SCHEMA.names()).cast(PEOPLE_SCHEMA)
    others = people.join(changed.select("person"), on="person", how="anti", maintain_order="left")
    return pl.concat([others, changed]).sort("person")


def chunks(count: int, each: int) -> Rows:
    """Which lot each of so many belongs to, when every lot has ``each``."""
    return np.arange(count) // each


def _with_devices(rows: pl.DataFrame, group: Group, rng: np.random.Generator) -> pl.DataFrame:
    """One device for every lot of accounts; those who live here share what one of them has."""
    devices = group.actors.devices
    if devices == Devices():
        return rows
    lot = chunks(rows.height, devices.accounts_each)
    income = np.full(rows.height, CHEAP) if devices.models == "cheap" else rows["income"].to_numpy()
    if group.actors.origin == "ordinary":
        first = rows["devices"].list.first()
    else:
        first = phones(income.astype(np.float64), rng)
    heads = np.unique(lot, return_index=True)[1][lot]
    own = first.gather(heads) if devices.accounts_each > 1 else first
    return rows.with_columns(devices=pl.Series([[device] for device in own], dtype=pl.List(DEVICE)))


def _reset(plan: Plan, rows: pl.DataFrame, group: Group, day: int) -> pl.DataFrame:
    """The first device of each with a new identifier; whoever shared one still does."""
    rotate = group.actors.devices.rotate
    rng = plan.rng(f"devices/{group.id}", day + 1 if rotate == "daily" else 0)
    lots = chunks(rows.height, group.actors.devices.accounts_each)
    fresh = ids(rng, "device", int(lots.max()) + 1).gather(lots).to_list()
    since = _reset_on(plan, group, lots, rng) if rotate == "once" else np.zeros(rows.height)
    lists = [
        [{**owned[0], "device_id": device_id}, *owned[1:]] if begins <= day else owned
        for owned, device_id, begins in zip(rows["devices"], fresh, since, strict=True)
    ]
    return rows.with_columns(devices=pl.Series(lists, dtype=pl.List(DEVICE)))


def _reset_on(plan: Plan, group: Group, lots: Rows, rng: np.random.Generator) -> Rows:
    """The day on which each phone is re-installed, within the time that the schedule gives."""
    earliest = group.schedule.starts[0] * plan.days
    latest = max(earliest + 1, (group.schedule.starts[1] + group.schedule.lasts) * plan.days)
    return np.floor(rng.uniform(earliest, latest, int(lots.max()) + 1)).astype(np.int64)[lots]


def _with_addresses(rows: pl.DataFrame, group: Group, rng: np.random.Generator) -> pl.DataFrame:
    said = group.actors.network
    if said == Network():
        return rows
    lot = chunks(rows.height, said.accounts_each)
    lots = _lots(said, rows, lot, rng)
    one = pl.Series([addresses[0] for addresses in lots])
    every = pl.Series(lots, dtype=pl.List(pl.String))
    return rows.with_columns(**_columns(said, group.actors.origin == "ordinary", one, every))


def _columns(
    said: Network, lives_here: bool, one: pl.Series, every: pl.Series
) -> dict[str, pl.Series | pl.Expr]:
    """Which of a person's addresses the pool stands for."""
    nowhere = pl.lit(None, pl.String)
    elsewhere = pl.lit([], pl.List(pl.String))
    if said.pool == "carrier":
        return {"home_ip": one, "work_ip": nowhere, "mobile_ips": every}
    if lives_here:
        of = {"office": ["work_ip"], "campus": ["home_ip", "work_ip"]}
        return dict.fromkeys(of.get(said.pool, ["home_ip"]), one)
    if said.pool == "own":
        return {"home_ip": one, "work_ip": nowhere}
    return {"home_ip": one, "work_ip": nowhere, "mobile_ips": elsewhere}


def _lots(
    said: Network, rows: pl.DataFrame, lot: Rows, rng: np.random.Generator
) -> list[list[str]]:
    """The addresses of each member: several where they change with every visit."""
    count = int(lot.max()) + 1
    city = _cities(rows)[np.unique(lot, return_index=True)[1]]
    if said.pool == "carrier":
        shared = [_carrier(int(place), said, rng) for place in city]
    else:
        shared = [[address] for address in network.written(_drawn(said, city, count, rng))]
    return [shared[number] for number in lot]


def _drawn(
    said: Network, city: Rows, count: int, rng: np.random.Generator
) -> npt.NDArray[np.uint32]:
    match said.pool:
        case "office":
            return network.office_addresses(count, rng)
        case "campus":
            return network.campus_addresses(count, rng)
        case "datacentre":
            return network.datacentre_addresses(count, rng)
        case _:
            return network.home_addresses(city, rng)


def _carrier(city: int, said: Network, rng: np.random.Generator) -> list[str]:
    """Addresses behind which other customers are, too."""
    pool = _behind(city, int(network.carriers(1, rng)[0]))
    many = ROTATED if said.rotate == "visit" else 1
    return [pool[row] for row in rng.permutation(len(pool))[:many]]


@cache
def _behind(city: int, carrier: int) -> tuple[str, ...]:
    return tuple(network.written(network.carrier_addresses(city, carrier)))


def _cities(rows: pl.DataFrame) -> Rows:
    names: Sequence[Any] = network.cities()
    return np.array([names.index(name) for name in rows["city"]])
