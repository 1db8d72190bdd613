"""Signals become cases: once, however often they come."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.access import Identity
from platform_core.database import connect
from platform_core.landing import segments
from platform_core.moderation import (
    CaseVersion,
    OpenReport,
    Signal,
    Subject,
    case,
    decide,
    open_cases,
    queue,
)
from platform_core.outbox import pending, relay

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 8, tzinfo=UTC)
RITA = Identity("account_1", "rita", "reviewer", ())

SignalOf = Callable[..., Signal]


def dismiss(engine: sa.Engine, case_id: str, version: int) -> None:
    decide(
        engine,
        case_id,
        case_version=version,
        verdict="dismissed",
        reason_code="internal_test",
        note="",
        reviewer=RITA,
        now=NOW,
    )


def subjects(engine: sa.Engine, case_id: str) -> list[str]:
    return [subject.subject_id for subject in case(engine, case_id).subjects]


def test_a_signal_opens_a_case_with_its_evidence(engine: sa.Engine, signal: SignalOf) -> None:
    report = open_cases(engine, [signal("key", "c1", "c2", evidence={"seconds": [3]})], now=NOW)
    assert report == OpenReport(opened=1, extended=0, unchanged=0)
    [summary] = queue(engine)
    found = case(engine, summary.case_id)
    assert (found.case_key, found.round, found.version, found.state) == ("key", 1, 1, "open")
    assert found.subjects == (Subject("c1", date(2026, 1, 4)), Subject("c2", date(2026, 1, 4)))
    assert found.evidence == {"seconds": [3]}
    assert found.opened_at == NOW


def test_days_of_one_person_are_subjects_of_their_own(engine: sa.Engine, signal: SignalOf) -> None:
    monday, tuesday = Subject("u1", date(2026, 1, 5)), Subject("u1", date(2026, 1, 6))

    def flagged(*days: Subject) -> OpenReport:
        found = replace(signal("key"), subjects=days, subject_type="user")
        return open_cases(engine, [found], now=NOW)

    assert flagged(monday) == OpenReport(opened=1, extended=0, unchanged=0)
    assert flagged(monday, tuesday) == OpenReport(opened=0, extended=1, unchanged=0)
    assert flagged(monday, tuesday) == OpenReport(opened=0, extended=0, unchanged=1)
    [summary] = queue(engine)
    assert case(engine, summary.case_id).subjects == (monday, tuesday)


def test_a_case_has_subjects_of_one_type(engine: sa.Engine, signal: SignalOf) -> None:
    clicks = signal("key", "c1")
    people = replace(signal("key", "u1"), subject_type="user")
    opened = OpenReport(opened=1, extended=0, unchanged=0)
    assert open_cases(engine, [clicks], now=NOW) == opened
    assert open_cases(engine, [people], now=LATER) == opened
    both = OpenReport(opened=0, extended=0, unchanged=2)
    assert open_cases(engine, [clicks, people], now=LATER) == both
    found = {
        case(engine, s.case_id).subject_type: subjects(engine, s.case_id) for s in queue(engine)
    }
    assert found == {"ad_click": ["c1"], "user": ["u1"]}


def test_an_opened_case_is_told_to_the_warehouse(
    engine: sa.Engine, landing: Path, signal: SignalOf
) -> None:
    open_cases(engine, [signal("key", "c1", "c2")], now=NOW)
    relay(engine, landing, now=NOW)
    [event] = [json.loads(s.read()) for s in segments(landing, "platform")]
    assert event["type"] == "moderation.case_opened"
    assert event["data"] == {
        "case_id": queue(engine)[0].case_id,
        "detector": "click_velocity",
        "detector_version": 1,
        "subject_type": "ad_click",
        "subject_count": 2,
    }


def test_the_same_signals_again_change_nothing(engine: sa.Engine, signal: SignalOf) -> None:
    open_cases(engine, [signal("k1", "c1"), signal("k2", "c2")], now=NOW)
    before = [case(engine, c.case_id) for c in queue(engine)]
    again = [signal("k2", "c2"), signal("k1", "c1", evidence={"new": "words"}, priority=9.0)]
    assert open_cases(engine, again, now=LATER) == OpenReport(opened=0, extended=0, unchanged=2)
    assert [case(engine, c.case_id) for c in queue(engine)] == before
    assert pending(engine) == 2


def test_new_subjects_extend_an_open_case_and_keep_its_earlier_evidence(
    engine: sa.Engine, signal: SignalOf
) -> None:
    open_cases(engine, [signal("key", "c1", priority=1.0)], now=NOW)
    report = open_cases(engine, [signal("key", "c1", "c2", priority=5.0)], now=LATER)
    assert report == OpenReport(opened=0, extended=1, unchanged=0)
    [summary] = queue(engine)
    assert (summary.version, summary.priority, summary.subject_count) == (2, 5.0, 2)
    title = "Repeated clicks of key"
    assert case(engine, summary.case_id).versions == (
        CaseVersion(1, title, 1, 1.0, 1, {"clicks": ["c1"]}, NOW),
        CaseVersion(2, title, 1, 5.0, 2, {"clicks": ["c1", "c2"]}, LATER),
    )
    assert subjects(engine, summary.case_id) == ["c1", "c2"]


def test_a_signal_of_fewer_subjects_takes_none_away(engine: sa.Engine, signal: SignalOf) -> None:
    open_cases(engine, [signal("key", "c1", "c2")], now=NOW)
    open_cases(engine, [signal("key", "c3")], now=NOW)
    [summary] = queue(engine)
    assert subjects(engine, summary.case_id) == ["c1", "c2", "c3"]
    assert summary.subject_count == 3


def test_after_a_decision_new_subjects_open_a_second_round(
    engine: sa.Engine, signal: SignalOf
) -> None:
    open_cases(engine, [signal("key", "c1")], now=NOW)
    [first] = queue(engine)
    dismiss(engine, first.case_id, 1)
    covered = open_cases(engine, [signal("key", "c1")], now=LATER)
    assert covered == OpenReport(opened=0, extended=0, unchanged=1)

    report = open_cases(engine, [signal("key", "c1", "c2")], now=LATER)
    assert report == OpenReport(opened=1, extended=0, unchanged=0)
    [second] = queue(engine)
    assert (second.case_key, second.round, second.subject_count) == ("key", 2, 1)
    assert subjects(engine, second.case_id) == ["c2"]
    assert subjects(engine, first.case_id) == ["c1"]


def test_signals_of_one_key_in_one_batch_make_one_case(engine: sa.Engine, signal: SignalOf) -> None:
    report = open_cases(engine, [signal("key", "c1"), signal("key", "c1", "c2", "c2")], now=NOW)
    assert report == OpenReport(opened=1, extended=1, unchanged=0)
    [summary] = queue(engine)
    assert (summary.version, summary.subject_count) == (2, 2)


def test_a_signal_without_subjects_changes_nothing(engine: sa.Engine, signal: SignalOf) -> None:
    assert open_cases(engine, [signal("key")], now=NOW) == OpenReport(0, 0, 1)
    assert open_cases(engine, [], now=NOW) == OpenReport(0, 0, 0)
    assert queue(engine) == []


def test_batches_at_the_same_time_open_each_case_once(engine: sa.Engine, signal: SignalOf) -> None:
    batch = [signal(f"k{n}", f"c{n}") for n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: open_cases(engine, batch, now=NOW), range(4)))
    assert sum(report.opened for report in reports) == 20
    assert len(queue(engine)) == pending(engine) == 20


def test_five_thousand_signals_open_their_cases_in_one_batch(
    engine: sa.Engine, signal: SignalOf
) -> None:
    batch = [signal(f"k{n}", f"c{n}a", f"c{n}b") for n in range(5000)]
    assert open_cases(engine, batch, now=NOW) == OpenReport(opened=5000, extended=0, unchanged=0)
    assert open_cases(engine, batch, now=NOW) == OpenReport(opened=0, extended=0, unchanged=5000)


def signal_of(key: str, subject_ids: Sequence[str]) -> Signal:
    found = tuple(Subject(subject_id, date(2026, 1, 4)) for subject_id in subject_ids)
    return Signal(key, "click_velocity", 1, "givt", "", found, "UTC", {}, 1.0)


signals = st.builds(signal_of, st.sampled_from("kl"), st.lists(st.sampled_from("abcde")))
batches = st.lists(st.lists(signals, max_size=4), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(batches=batches, decides_after=st.sets(st.integers(0, 3)))
def test_whatever_comes_every_subject_is_in_one_case_and_every_key_has_one_open_case(
    batches: list[list[Signal]], decides_after: set[int]
) -> None:
    engine = connect("sqlite://")
    for number, batch in enumerate(batches):
        open_cases(engine, batch, now=NOW)
        assert open_cases(engine, batch, now=NOW) == OpenReport(0, 0, len(batch))
        open_keys = [summary.case_key for summary in queue(engine)]
        assert len(open_keys) == len(set(open_keys))
        if number in decides_after:
            for summary in queue(engine):
                dismiss(engine, summary.case_id, summary.version)

    named = {(s.case_key, found.subject_id) for b in batches for s in b for found in s.subjects}
    listed = queue(engine) + queue(engine, state="decided")
    covered = [(c.case_key, s.subject_id) for c in listed for s in case(engine, c.case_id).subjects]
    assert sorted(covered) == sorted(named)
    assert all(c.subject_count == len(case(engine, c.case_id).subjects) for c in listed)
    engine.dispose()
