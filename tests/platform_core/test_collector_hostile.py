"""The collector against those who mean it ill: never a 500, and every refusal explained."""

import resource
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import hypothesis
import orjson
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from pipelines.defs.house import House
from platform_core.collector.checking import COLLECTED_TYPES
from platform_core.collector.http import create_app
from platform_core.collector.keys import issue_key
from platform_core.contract import EVENTS
from platform_core.settings import Settings
from tests.events import land
from tests.ingest.broken_lines import KINDS, Kind
from tests.ingest.mutations import each_once
from tests.ingest.reading import rows
from tests.platform_core.collecting import NOW, SINGLE, TIME, App, serving

HOSTILE: Final = 50_000
BATCH_LINES: Final = 500
SMALL_BYTES: Final = 100_000
SPARE_MIB: Final = 300
"""How much the process may grow over all of it; 50,000 lines at once would be held three times."""

UNHURRIED: Final[dict[str, Any]] = {"deadline": None, "derandomize": True, "database": None}
OTHER_WORDS: Final = {
    # JSON has no NaN and no infinity, and so the whole body is none
    **dict.fromkeys(
        ("not a number", "score not a number", "score without end", "score far beyond"), "not_json"
    ),
    "beyond 64 bits": "wrong_type",  # read as a number with a fraction
    "huge and cut": "not_json",
    "year 0000": "invalid_time",  # before the calendar begins
    "unmapped row": "unknown_type",  # replays land their own
}
"""What the collector says where ingest would say something else."""

NOT_COLLECTED: Final = {
    model.type: {"not_collected"} for model in EVENTS.values() if model.type not in COLLECTED_TYPES
}


@dataclass
class Siege:
    """What was sent, and what became of each line: None if it was accepted, else why not."""

    house: House
    lines: list[bytes]
    fates: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    grown_mib: float = 0

    def send(self, app: App) -> None:
        """Small lines of JSON in batches; a line that is none would spoil its whole batch."""
        readable = [number for number, line in enumerate(self.lines) if _is_small_json(line)]
        for start in range(0, len(readable), BATCH_LINES):
            self._send_batch(app, readable[start : start + BATCH_LINES])
        for number in sorted(set(range(len(self.lines))) - set(readable)):
            answer = app.post(self.lines[number], SINGLE)
            self.statuses[answer.status_code] += 1
            told = answer.json()
            self.fates[number] = told["refused"][0] if "refused" in told else told

    def _send_batch(self, app: App, numbers: list[int]) -> None:
        answer = app.send_lines([self.lines[number] for number in numbers])
        self.statuses[answer.status_code] += 1
        told = answer.json()
        refused = {numbers[r["index"]]: r for r in told["refused"]}
        assert len(told["accepted"]) + len(refused) == len(numbers)
        self.fates |= {number: refused.get(number) for number in numbers}


def _is_small_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return len(line) < SMALL_BYTES


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    home = tmp_path_factory.mktemp("siege")
    house = House(Settings(home=home, max_quarantine_rate=1.0, _env_file=None))
    known = [kind.make(7) for kind in KINDS]
    siege = Siege(house, known + list(islice(each_once(TIME), HOSTILE - len(known))))
    key = issue_key(house.platform, "shop", NOW)
    app = create_app(house.platform, house.settings, clock=lambda: NOW)
    with serving(app) as address, App(address, key) as sender:
        before = _peak_mib()
        siege.send(sender)
        siege.grown_mib = _peak_mib() - before
    yield siege
    house.platform.dispose()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A collector's OpenAPI page; the key is that of source ``shop``."""
    house = House(Settings(home=tmp_path_factory.mktemp("api"), _env_file=None))
    app = create_app(house.platform, house.settings, clock=lambda: NOW)
    config = SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
    config.projects.default.update(
        headers={"Authorization": f"Bearer {issue_key(house.platform, 'shop', NOW)}"}
    )
    yield schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    house.platform.dispose()


@pytest.mark.parametrize("mode", GenerationMode)
def test_the_collector_is_as_its_openapi_page_says(api: Any, mode: GenerationMode) -> None:
    seen = set()

    @hypothesis.settings(max_examples=50, **UNHURRIED)
    @hypothesis.given(case=api["/events"]["POST"].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:  # what no schema can say
            for event in case.body if isinstance(case.body, list) else [case.body]:
                event.update(source="shop", time=TIME)
        # to JSON Schema 5.0 is an integer, to the contract it is not
        answer = case.call_and_validate(excluded_checks=[positive_data_acceptance])
        seen.add(answer.status_code)

    holds()
    assert seen >= ({202} if mode is GenerationMode.POSITIVE else {400, 422})


def test_nothing_breaks_the_collector(siege: Siege) -> None:
    assert len(siege.lines) == len(siege.fates) == HOSTILE
    assert set(siege.statuses) <= {202, 207, 400, 422}
    assert siege.grown_mib < SPARE_MIB


def test_every_refusal_is_explained(siege: Siege) -> None:
    refused = [fate for fate in siege.fates.values() if fate]
    assert len(refused) > HOSTILE / 2
    assert [fate for fate in refused if not (fate["code"] and fate["detail"])] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_known_to_be_broken_is_refused_in_the_words_of_ingest(
    siege: Siege, kind: Kind
) -> None:
    number = KINDS.index(kind)
    fate = siege.fates[number]
    assert fate
    words = {OTHER_WORDS.get(kind.name, kind.code)}
    assert fate["code"] in words | NOT_COLLECTED.get(_type(siege.lines[number]), set())


def _type(line: bytes) -> str:
    """The type that a line names, if it can be read at all."""
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        return ""
    return str(event.get("type")) if isinstance(event, dict) else ""


def test_the_collector_takes_what_ingest_takes_and_nothing_else(
    siege: Siege, meadow: House
) -> None:
    accepted = {number for number, fate in siege.fates.items() if fate is None}
    report = siege.house.ingest().all_sources()["shop"]
    assert (report.lines, report.quarantined) == (len(accepted), 0)

    land(meadow.settings.landing, *siege.lines)
    meadow.ingest().all_sources()
    found = rows(meadow, "SELECT line, type FROM bronze.events")
    would = {row["line"] - 1 for row in found if row["type"] in COLLECTED_TYPES}
    assert [siege.lines[number] for number in sorted(would ^ accepted)] == []
