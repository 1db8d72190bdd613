"""The same plan gives the same bytes, in the landing zone and in the truth."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from platform_core.simulation.run import NotEmpty
from tests.postgresql import Server
from tests.simulation.lived import lived_in


def written(home: Path) -> dict[str, str]:
    """What every file of the landing zone and the truth holds."""
    files = [path for part in ("landing", "truth") for path in sorted((home / part).rglob("*"))]
    return {
        str(path.relative_to(home)): sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for home in (here, elsewhere):
        home.mkdir()
    call = "import pathlib, sys; from tests.simulation.lived import lived_in as live; "
    call += "live(pathlib.Path(sys.argv[1]))"
    other_hashes = {**os.environ, "PYTHONHASHSEED": "4711", "POLARS_MAX_THREADS": "1"}
    other = subprocess.Popen([sys.executable, "-c", call, elsewhere], env=other_hashes)
    lived_in(here)
    assert other.wait() == 0
    assert written(here) == written(elsewhere)
    assert len(written(here)) > 6


def test_the_same_town_lives_on_either_database(tmp_path: Path, postgresql: Server) -> None:
    url = postgresql.database()
    for home, database_url in ((tmp_path / "file", ""), (tmp_path / "server", url)):
        home.mkdir()
        lived_in(home, days=1, users=20, database_url=database_url)
    assert written(tmp_path / "file") == written(tmp_path / "server")
    postgresql.drop(url)


def test_another_seed_gives_another_town(tmp_path: Path) -> None:
    segments = []
    for seed in (7, 8):
        home = tmp_path / str(seed)
        home.mkdir()
        lived_in(home, seed=seed, days=1, users=10)
        segments.append({name: sha for name, sha in written(home).items() if "jsonl" in name})
    assert segments[0].keys() == segments[1].keys()
    assert not segments[0].items() & segments[1].items()


def test_a_platform_that_was_lived_in_is_left_alone(tmp_path: Path) -> None:
    lived_in(tmp_path, days=1, users=10)
    before = written(tmp_path)
    with pytest.raises(NotEmpty, match="empty"):
        lived_in(tmp_path, days=1, users=10)
    assert written(tmp_path) == before
