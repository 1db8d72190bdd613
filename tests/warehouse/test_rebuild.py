"""Whatever the order in which events arrive: night after night, the tables end as a rebuild's."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pipelines.defs.house import House
from tests.warehouse.nightly import contents, deliver, house, night
from tests.warehouse.stories import Event, deliveries

OF_ITS_OWN_HISTORY = {"gold.restatements", "gold.verdict_churn"}
"""Say what changed between nights: one night has nothing to say."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One platform for all houses, so that all give a person the same pseudonym."""
    return f"sqlite:///{tmp_path_factory.mktemp('platform') / 'platform.db'}"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def rebuilt(meadow: House, home: Path) -> House:
    """Another house with the same landing zone, computed in one night."""
    shutil.copytree(meadow.settings.landing, home / "landing")
    other = house(home, meadow.settings.database_url)
    night(other)
    return other


def ends_as_a_rebuild(folder: Path, keys: str, given_nights: list[list[Event]]) -> None:
    home = Path(tempfile.mkdtemp(dir=folder))
    meadow = house(home / "nightly", keys)
    for number, events in enumerate(given_nights):
        deliver(meadow, *events)
        night(meadow, f"r{number}")
    nightly, whole = contents(meadow), contents(rebuilt(meadow, home / "rebuilt"))
    for table in nightly.keys() - OF_ITS_OWN_HISTORY:
        assert nightly[table] == whole[table], table
    shutil.rmtree(home)


fixed = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # to shrink a failure takes minutes: add Phase.shrink by hand
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.usefixtures("without_audits")
@settings(fixed, max_examples=2)
@given(given_nights=deliveries())
def test_night_after_night_ends_as_one_rebuild_from_all_segments(
    folder: Path, keys: str, given_nights: list[list[Event]]
) -> None:
    ends_as_a_rebuild(folder, keys, given_nights)


@pytest.mark.soak
@pytest.mark.usefixtures("without_audits")
@settings(fixed, max_examples=40, derandomize=False, print_blob=True)
@given(given_nights=deliveries())
def test_many_more_arrivals_end_as_one_rebuild(
    folder: Path, keys: str, given_nights: list[list[Event]]
) -> None:
    ends_as_a_rebuild(folder, keys, given_nights)
