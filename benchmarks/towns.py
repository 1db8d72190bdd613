"""A platform of any size: one simulated town, and as many more like it as make up the events.

Every copy of the town is a town of its own: people, devices, addresses, notes, brands (by name
too), products, orders, clicks and requests are its own, and every number in it agrees with the
others as in the first. So all that a platform has grows with its events; only words, topics and
days are shared. A segment holds the same hours of every town, one after another.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from pipelines.defs.house import House
from pipelines.defs.town import live
from platform_core.landing import segments, sources, write_segment, writer_lock
from platform_core.settings import Settings

PEOPLE: Final = 300
SEED: Final = 7
UNTIL: Final = datetime(2026, 3, 2)
SEGMENT_EVENTS: Final = 250_000

FIRST_WORD: Final = 0x4E00
"""Each town's brands bear a character of its own, so that no name is part of another."""

DIGITS: Final = "0123456789abcdef"
"""Of ids. Each town has them in another order, and its own number in front: so its ids are its own,
and look like nobody else's."""
ID_DIGITS: Final = 20

NETWORKS: Final = (b"10", b"100", b"172", b"198")
FIRST_OCTET: Final = 100
"""The first town's addresses begin with this and the next numbers, and so on."""

TOWNS_WITH_ADDRESSES: Final = 38  # of their own: there are no first octets for more

_ID: Final = re.compile(rb"_[0-9a-f]{20}\b")
_ADDRESS: Final = re.compile(rb'"ip":"([0-9]+)[.]')
_BRAND: Final = re.compile(rb'"type":"brand[.]changed".*?"name":"([^"]+)"')


@dataclass(frozen=True)
class Template:
    """Some lines of the town, and the places in them that differ from copy to copy."""

    text: np.ndarray
    ids: np.ndarray
    words: np.ndarray
    octets: np.ndarray
    networks: np.ndarray

    def copy(self, number: int) -> bytes:
        """The lines as they are in another town."""
        made = self.text.copy()
        made[self.ids] = _other_digits(number)[made[self.ids]]
        for place, digit in enumerate(_bytes(f"{number:02x}")):
            made[self.ids[place::ID_DIGITS]] = digit
        made[self.words] = _bytes(chr(FIRST_WORD + number))
        made[self.octets] = _first_octets(number)[self.networks]
        return made.tobytes()


def simulated_town(folder: Path, days: int, people: int = PEOPLE) -> Path:
    """The home of a town that has lived; simulated once below ``folder``, then kept."""
    home = folder / f"town-{days}-days-{people}-people"
    lived = home / "lived"
    if not lived.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        house = House(Settings(home=home))
        for line in live(house, days, people, SEED, UNTIL):
            print(line)
        house.platform.dispose()
        lived.touch()
    return home


def land(town: Path, landing: Path, events: int) -> int:
    """Land about so many events: whole towns, at least one. Returns how many they are."""
    read = {s: segments(town / "landing", s) for s in sources(town / "landing")}
    lines = sum(s.read().count(b"\n") for found in read.values() for s in found)
    brands = {name for found in read.values() for s in found for name in _BRAND.findall(s.read())}
    copies = max(round(events / lines), 1)
    for source, found in read.items():
        with writer_lock(landing, source):
            sequence = 0
            for segment in found:
                for some in _slices(segment.read(), max(SEGMENT_EVENTS // copies, 1)):
                    sequence += 1
                    towns = map(_template(some, brands).copy, range(copies))
                    write_segment(landing, source, sequence, segment.closed_on, towns)
    return lines * copies


def _slices(text: bytes, lines: int) -> Iterator[bytes]:
    """Cut after so many lines."""
    ends = np.flatnonzero(_bytes(text) == ord("\n")) + 1
    starts = [0, *ends[lines - 1 :: lines].tolist()]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if start < end:
            yield text[start:end]


def _template(text: bytes, brands: set[bytes]) -> Template:
    """Make room for what differs, all of one length, and note where it is."""
    room = chr(FIRST_WORD).encode()
    names = b"|".join(map(re.escape, sorted(brands, key=len, reverse=True)))
    text = re.sub(names, lambda name: name[0] + room, text)
    networks = [NETWORKS.index(octet) for octet in _ADDRESS.findall(text)]
    text = _ADDRESS.sub(b'"ip":"000.', text)
    return Template(
        text=_bytes(text),
        ids=_places((m.start() + 1 for m in _ID.finditer(text)), ID_DIGITS).ravel(),
        words=_places((m.end() for m in re.finditer(names, text)), 3),
        octets=_places((m.start(1) for m in _ADDRESS.finditer(text)), 3),
        networks=np.array(networks, dtype=np.int64),
    )


def _places(starts: Iterator[int], length: int) -> np.ndarray:
    """A row of so many places from each start."""
    return np.fromiter(starts, dtype=np.int64)[:, None] + np.arange(length)


def _other_digits(number: int) -> np.ndarray:
    """What stands for each byte of an id in another town."""
    bytes_ = np.arange(256, dtype=np.uint8)
    shuffled = Random(number).sample(DIGITS, len(DIGITS))
    bytes_[_bytes(DIGITS)] = _bytes("".join(shuffled))
    return bytes_


def _first_octets(number: int) -> np.ndarray:
    """Three digits for each of the networks."""
    first = FIRST_OCTET + len(NETWORKS) * (number % TOWNS_WITH_ADDRESSES)
    return np.array([_bytes(str(first + network)) for network in range(len(NETWORKS))])


def _bytes(text: str | bytes) -> np.ndarray:
    return np.frombuffer(text.encode() if isinstance(text, str) else text, dtype=np.uint8)
