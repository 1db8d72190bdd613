"""Addresses: homes on leased lines, offices and campuses behind a few, carriers behind very few.

An address is a 32-bit number until it is written. All blocks are reserved ones (networks.yaml).
"""

from functools import cache
from ipaddress import IPv4Network
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.words.vocabulary import vocabulary

Addresses = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.integer]

BLOCK: Final = 1 << 16  # a city's lines lie in blocks of so many addresses
CARRIER_BLOCK: Final = 1 << 8
MIX: Final = 2_654_435_761  # Knuth's multiplicative hash
LEASE_DAYS: Final = (2, 45)
"""How long a line keeps its address, at least and at most."""


def home_addresses(cities: Rows, rng: np.random.Generator) -> Addresses:
    """The address of a line in each of the cities (rows of ``cities()``)."""
    first, count = (bounds[cities] for bounds in _city_blocks())
    block = first + rng.integers(0, count)
    host = rng.integers(1, BLOCK - 1, cities.size)
    return np.asarray(_start(_blocks()["homes"]) + block * BLOCK + host, np.uint32)


def leased(addresses: Addresses, days: Rows) -> Addresses:
    """What has become of home lines' addresses on these days of the run; each keeps its block.

    Addresses of offices, carriers and machines stay what they are.
    """
    line = addresses.astype(np.int64)
    mixed = (line * MIX) & 0xFFFFFFFF
    shortest, longest = LEASE_DAYS
    length = shortest + (mixed >> 8) % (longest - shortest + 1)
    lease = (days + (mixed >> 16) % length) // length
    host = (line + lease * (mixed | 1)) & (BLOCK - 1)
    homes = _blocks()["homes"]
    is_home = (line & int(homes.netmask)) == int(homes.network_address)
    return np.where(is_home, (line & ~(BLOCK - 1)) | host, line).astype(np.uint32)


def office_addresses(count: int, rng: np.random.Generator) -> Addresses:
    """The address of each of so many offices."""
    return _somewhere(_blocks()["offices"], count, rng)


def campus_addresses(count: int, rng: np.random.Generator) -> Addresses:
    """The address of each of so many universities."""
    return _somewhere(_blocks()["campuses"], count, rng)


def datacentre_addresses(count: int, rng: np.random.Generator) -> Addresses:
    """Addresses of hosted machines, all of one operator."""
    networks = list(_datacentres().values())
    return _somewhere(networks[rng.integers(len(networks))], count, rng)


def carrier_addresses(city: int, carrier: int) -> Addresses:
    """The few addresses behind which all phones of a carrier in a city are."""
    said = vocabulary("networks")
    start = (city * len(said["carrier_names"]) + carrier) * CARRIER_BLOCK + 1
    within = start + np.arange(said["addresses_per_carrier_and_city"])
    return np.asarray(_start(_blocks()["carriers"]) + within, np.uint32)


def carriers(count: int, rng: np.random.Generator) -> Rows:
    """The carriers of so many phones."""
    shares = vocabulary("networks")["carrier_shares"]
    return rng.choice(len(shares), count, p=shares)


def cities() -> tuple[str, ...]:
    """The town's cities; elsewhere they go by their row here."""
    return tuple(vocabulary("cities")["cities"])


def written(addresses: Addresses) -> pl.Series:
    """Addresses as dotted text."""
    number = pl.Series(addresses, dtype=pl.UInt32)
    octets = [(number // (1 << shift)) % 256 for shift in (24, 16, 8, 0)]
    frame = pl.DataFrame([octet.alias(str(row)) for row, octet in enumerate(octets)])
    return frame.select(ip=pl.concat_str(pl.all(), separator="."))["ip"]


def read(ips: pl.Series) -> Addresses:
    """Addresses from dotted text.

    Raises:
        polars.exceptions.PolarsError: one of them is no address.
    """
    octets = ips.str.split_exact(".", 3).struct.unnest()
    weights = zip(octets.iter_columns(), (24, 16, 8, 0), strict=True)
    total = np.zeros(len(ips), np.uint32)
    for octet, shift in weights:
        total += octet.cast(pl.UInt32).to_numpy() << np.uint32(shift)
    return total


def _somewhere(network: IPv4Network, count: int, rng: np.random.Generator) -> Addresses:
    hosts = rng.choice(network.num_addresses - 2, count, replace=False) + 1
    return np.asarray(_start(network) + hosts, np.uint32)


def _start(network: IPv4Network) -> int:
    return int(network.network_address)


@cache
def _blocks() -> dict[str, IPv4Network]:
    said = vocabulary("networks")
    named = ("homes", "carriers", "offices", "campuses")
    return {name: IPv4Network(said[name]) for name in named}


@cache
def _datacentres() -> dict[str, IPv4Network]:
    said = vocabulary("networks")["datacentres"]
    return {name: IPv4Network(block) for name, block in said.items()}


@cache
def _city_blocks() -> tuple[Rows, Rows]:
    """The first block of home lines of every city, and how many it has."""
    weights = np.array([city["weight"] for city in vocabulary("cities")["cities"].values()])
    available = _blocks()["homes"].num_addresses // BLOCK
    count = np.maximum(1, np.floor(weights / weights.sum() * available)).astype(np.int64)
    return np.cumsum(count) - count, count
