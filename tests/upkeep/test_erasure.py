"""An erased person is nowhere, nothing leads back, and no count has moved."""

import gzip
import json
import shutil
import signal
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.defs.house import House
from pipelines.warehouse import release
from pipelines.warehouse.reader import Reader
from pipelines.warehouse.upkeep import person
from pipelines.warehouse.upkeep.erasure import Erased, Erasure, NotErased, PersonUnknown
from platform_core import users
from platform_core.landing import append_segment
from platform_core.outbox import Origin
from platform_core.users import Device
from platform_core.work import begin, seeded_ids
from tests.events import lines
from tests.ingest.good_events import GOOD
from tests.meadow import born
from tests.warehouse.acts import local
from tests.warehouse.nightly import contents, deliver, house, night, read

NOW = datetime(2026, 9, 2, tzinfo=UTC)
CITY, QUERY, COMMENT, PHONE, IP = (
    "Tongxiang",
    "knee pain",
    "my own words",
    "phone-of-hers",
    "9.8.7.6",
)
BAD = b'{"actorid": "%s", "broken'
BREAKDOWNS = {
    "gold.audience",
    "gold.search_term_daily",
    "features.ad_days",
    "features.note_twins",
    "features.review_twins",
    "risk.value_counts_daily",
}
VIEWS = "silver.product_views"
pytestmark = pytest.mark.usefixtures("without_audits")


def erase(meadow: House, user_id: str) -> Erased:
    erasure = Erasure(meadow.lake, meadow.catalog, meadow.settings, meadow.keys, meadow.platform)
    return erasure.erase(user_id, actor="dora", now=NOW)


def acts_of(actor: str, *, own: str, device: str, ip: str) -> list[dict[str, Any]]:
    """One event of every type; ``own`` keeps the ids of people apart."""
    acts = []
    for number, good in enumerate(GOOD):
        data = json.loads(json.dumps(good["data"]))
        for name in ("user_id", "creator_id"):
            if name in data:
                data[name] = actor
        for name in ("linked_device", "ship_to", "instrument"):
            if name in data:
                data[name] = device if name == "linked_device" else f"{name}-{own}"
        for name, text in (("city", CITY), ("query", QUERY), ("text", COMMENT), ("title", COMMENT)):
            if name in data:
                data[name] = f"{text} of {own}"
        for name in [n for n in data if n.endswith("_id") and n not in ("brand_id", "shop_id")]:
            if name not in ("user_id", "creator_id", "reviewer_id"):
                data[name] = f"{data[name]}{own}"
        envelope = {"actorid": actor, "deviceid": device, "sessionid": f"s-{own}", "ip": ip}
        time = local(f"2026-08-{20 + number % 3} 12:00:00")
        for name in ("placed_at", "clicked_at"):
            if name in data:
                data[name] = time
        acts.append({**good, **envelope, "id": f"{own}{number}", "time": time, "data": data})
    return acts


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, str]:
    """A lake with all acts of two people; one of them is a user of the platform."""
    meadow = house(tmp_path_factory.mktemp("settled"))
    with begin(meadow.platform, now=NOW, ids=seeded_ids(1)) as work:
        user_id = users.sign_up(
            work, city=CITY, gender="female", birth_year=1990, by=Origin(device_id=PHONE, ip=IP)
        )
        users.link_device(work, user_id, Device(PHONE), by=Origin(user_id, PHONE))
    meadow.relay(NOW)
    hers = acts_of(user_id, own="x", device=PHONE, ip=IP)
    his = acts_of("user_of_another", own="y", device="phone-of-his", ip="1.2.3.4")
    shared = {**his[0], "id": "shared", "deviceid": "tablet"}
    deliver(meadow, *({**e, "source": "app"} for e in (*hers, *his, shared)))
    on = {**hers[0], "id": "shared-too", "deviceid": "tablet", "source": "app"}
    packed = append_segment(meadow.settings.landing, "app", date(2026, 8, 31), [lines([on, on])])
    packed.path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(packed.path.read_bytes()))
    packed.path.unlink()
    bad = BAD % user_id.encode()
    append_segment(meadow.settings.landing, "app", date(2026, 8, 31), [bad + b"\n"])
    night(meadow)
    (meadow.settings.home / "export.csv").write_text(f"user,{PHONE}\n{user_id},1\n")
    meadow.platform.dispose()
    return meadow, user_id


@pytest.fixture
def meadow(settled: tuple[House, str], tmp_path: Path) -> Iterator[House]:
    shutil.copytree(settled[0].settings.home, tmp_path / "var")
    copy = house(tmp_path / "var")
    yield copy
    copy.platform.dispose()


@pytest.fixture
def few(settled: tuple[House, str], tmp_path: Path) -> Iterator[House]:
    """The same lake, of whose tables only a fact is kept up to date."""
    shutil.copytree(settled[0].settings.home, tmp_path / "var")
    copy = house(tmp_path / "var", tables=[VIEWS])
    yield copy
    copy.platform.dispose()


@dataclass(frozen=True)
class Ended:
    """A lake before and after its erasure and the night that followed."""

    meadow: House
    done: Erased
    before: House
    stale: set[str]


@pytest.fixture(scope="module")
def ended(settled: tuple[House, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    home = tmp_path_factory.mktemp("ended") / "var"
    shutil.copytree(settled[0].settings.home, home)
    meadow = house(home)
    done = erase(meadow, settled[1])
    with meadow.begin_run("after") as run:
        stale = {model.name for model in meadow.catalog.computed if run.stale(model)}
    night(meadow)
    yield Ended(meadow, done, settled[0], stale)
    meadow.platform.dispose()


@pytest.fixture
def user_id(settled: tuple[House, str]) -> str:
    return settled[1]


def rebuilt(meadow: House, tmp_path: Path) -> House:
    """Another lake from what has landed, with the same keys."""
    again = tmp_path / "again"
    shutil.copytree(meadow.settings.home, again, ignore=shutil.ignore_patterns("lake"))
    other = house(again)
    night(other)
    other.platform.dispose()
    return other


def counts(meadow: House) -> dict[str, int]:
    """Rows of every table, but of those that have a row for each value of something private."""
    return {t: len(rows) for t, rows in contents(meadow).items() if t not in BREAKDOWNS}


def words_left(home: Path, *words: str) -> list[str]:
    """Tables of files whose bytes, those of Parquet values included, hold one of the words."""
    found = []
    tables: dict[str, list[str]] = defaultdict(list)
    for path in (p for p in home.rglob("*") if p.is_file()):
        table = ".".join(path.relative_to(home).parts[1:3])
        if path.suffix == ".parquet":
            tables[table].append(str(path))
            continue
        text = path.read_bytes()
        if path.suffix == ".gz":
            text = gzip.decompress(text)
        if any(word.encode() in text for word in words):
            found.append(table)
    for table, paths in tables.items():
        rows = f"SELECT t::VARCHAR FROM read_parquet({paths}, union_by_name = true) AS t"
        text = "\n".join(row for (row,) in duckdb.execute(rows).fetchall()).encode()
        if any(word.encode() in text for word in words):
            found.append(table)
    return found


def test_no_byte_of_the_person_is_left_and_all_counts_stay(ended: Ended, user_id: str) -> None:
    home, keys = ended.meadow.settings.home, ended.meadow.keys
    pseudonyms = [
        person.pseudonym(keys, "person", user_id),
        person.pseudonym(keys, "device", PHONE),
        person.pseudonym(keys, "address", IP),
    ]
    assert words_left(home, user_id, PHONE, IP, *pseudonyms) == []
    assert words_left(home, f"{COMMENT} of x", f"{CITY} of x") == []
    assert set(words_left(home, f"{QUERY} of x")) <= {"gold.search_term_daily"}  # of release 1
    assert counts(ended.meadow) == counts(ended.before)
    assert ended.done.tables["bronze.quarantine"]["rows"] == 1


def test_the_lake_equals_one_that_is_built_from_what_has_landed(
    ended: Ended, tmp_path: Path
) -> None:
    assert contents(ended.meadow) == contents(rebuilt(ended.meadow, tmp_path))


def test_others_keep_what_is_theirs_shared_devices_too(ended: Ended) -> None:
    his = person.pseudonym(ended.meadow.keys, "person", "user_of_another")
    tablet = person.pseudonym(ended.meadow.keys, "device", "tablet")
    for query in (
        f"SELECT * FROM silver.user_states WHERE user_id = '{his}'",
        f"SELECT count(*) FROM bronze.events WHERE device_id = '{tablet}'",
    ):
        assert read(ended.meadow, query) == read(ended.before, query)


def test_what_describes_the_person_is_empty(ended: Ended) -> None:
    states = "SELECT DISTINCT city, gender, birth_year, has_bio FROM silver.user_states"
    his = person.pseudonym(ended.meadow.keys, "person", "user_of_another")
    described = read(ended.meadow, f"{states} WHERE user_id <> '{his}'")
    assert described == [(None, "unknown", None, False)]
    terms = read(ended.meadow, "SELECT DISTINCT term FROM silver.searches ORDER BY 1")
    assert terms == [("",), (f"{QUERY} of y",)]


def test_an_older_release_still_reads_the_same_numbers_of_nobody(ended: Ended) -> None:
    first = release.load(ended.before.settings.lake, 1)
    views = f"SELECT count(*), count(DISTINCT actor_id) FROM {VIEWS}"
    read_now = Reader(ended.meadow.settings.lake, first, brand_id=None, using=ended.meadow.settings)
    assert read_now.query(views).rows() == read(ended.before, views)


def test_only_tables_of_private_words_and_digests_are_computed_again(ended: Ended) -> None:
    private = {"silver.note_states", "silver.reviews", "silver.searches", "silver.user_states"}
    by_block = {"ad_days", "click_conduct", "identity_conduct_daily", "hosted_blocks_daily"}
    at_most = {
        *private,
        *(f"features.{name}" for name in ("note_texts", "review_sharing", *by_block)),
        "risk.click_rules",
        "risk.review_sample",
        "silver.sessions",
    }
    assert private <= ended.done.restated.keys() <= at_most
    assert not ended.stale & {"silver.orders", VIEWS, "gold.shop_ops_daily"}


def test_whoever_comes_back_is_somebody_else(few: House, user_id: str) -> None:
    erase(few, user_id)
    late = acts_of(user_id, own="z", device=PHONE, ip=IP)[:1]
    deliver(few, *({**e, "source": "app"} for e in late))
    night(few)
    people = "SELECT count(DISTINCT actor_id) FROM bronze.events WHERE source = 'app'"
    assert read(few, people) == [(3,)]


def test_nobody_can_be_erased_twice_or_unheard_of(few: House, user_id: str) -> None:
    erase(few, user_id)
    for name in (user_id, "user_never_seen"):
        with pytest.raises(PersonUnknown, match=name):
            erase(few, name)


@pytest.mark.parametrize(
    "boundary",
    [
        pytest.param("erase.planned", marks=pytest.mark.soak),
        "erase.platform_committed",
        "erase.file_rewritten:3",
        pytest.param("erase.rewritten", marks=pytest.mark.soak),
    ],
)
def test_an_erasure_killed_in_the_middle_is_finished_by_the_next(
    boundary: str, meadow: House, user_id: str, nursery: ForkServerContext
) -> None:
    before = counts(meadow)
    killed = born(nursery)(meadow.settings.home, "erase", user_id, crash_at=boundary)
    assert killed.status == -signal.SIGKILL, killed.errors
    with pytest.raises(NotErased, match=user_id):
        erase(meadow, "user_of_another")
    erase(meadow, user_id)
    night(meadow)
    old = person.pseudonym(meadow.keys, "person", user_id)
    assert words_left(meadow.settings.home, user_id, PHONE, IP, old) == []
    assert counts(meadow) == before
