"""The proof of an erasure: a search of every file for every word of the person."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.warehouse.upkeep import sealed
from pipelines.warehouse.upkeep.files import Rewriter, data_files
from pipelines.warehouse.upkeep.lines import Eraser
from pipelines.warehouse.upkeep.person import FILE

SHOWN: Final = 5


class WordsLeft(ValueError):
    """A file still holds a word of the person."""


@dataclass(frozen=True)
class Searched:
    """How much was searched, and nothing found."""

    files: int
    size: int


def prove(home: Path, rewriter: Rewriter, eraser: Eraser) -> Searched:
    """Search the values of all Parquet files and the bytes of all others below the home.

    Raises:
        WordsLeft: a word was found; the message names the files.
    """
    paths = [p for p in home.rglob("*") if p.is_file() and not p.name.startswith(FILE)]
    tables = data_files(home)
    left = [f.path for f in rewriter.find(tables)]
    left += [p for p in tables if "quarantine" in p.parts and sealed.hits(p, eraser)]
    in_values = set(tables)
    left += [p for p in paths if p not in in_values and eraser.concerns(_contents(p))]
    if left:
        shown = ", ".join(str(p.relative_to(home)) for p in left[:SHOWN])
        raise WordsLeft(
            f"{len(left)} files still hold the person: {shown}; another process may have them "
            "open (a collector closes its journal soon): run `meadow erase` again"
        )
    return Searched(len(paths), sum(p.stat().st_size for p in paths))


def _contents(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw
