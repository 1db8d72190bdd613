"""The reviewer's queue: every case in one row, the most urgent first."""

from math import ceil
from typing import Final, get_args

import streamlit as st

from dashboards.formats import exact, instant
from dashboards.parts.empty_state import empty_state
from dashboards.parts.layout import apart
from dashboards.review.wording import case_title, thing_of
from dashboards.visit import Visit
from platform_core import moderation
from platform_core.moderation import CaseSummary, State
from platform_core.names import names

PAGE_ROWS: Final = 10


def queue_list(visit: Visit, timezone: str) -> None:
    """Open and decided cases, ten a page."""
    say, counts = visit.say, moderation.counts(visit.platform)
    states = {state: say(f"queue.{state}", count=exact(counts[state])) for state in get_args(State)}
    with apart():
        state = st.segmented_control(
            say("review"),
            list(states),
            default=asked_state(),
            required=True,
            format_func=states.__getitem__,
            label_visibility="collapsed",
            key="queue_state",
        )
        if state == "open" and counts["open"]:
            first = moderation.queue(visit.platform, state="open", limit=1)[0]
            st.button(say("queue.next"), on_click=open_case, args=(first.case_id,), type="primary")
    if not counts[state]:
        empty_state(say(f"queue.empty.{state}"), say(f"queue.empty.{state}.help"))
        return
    pages = ceil(counts[state] / PAGE_ROWS)
    page = min(int(st.session_state.get(f"page_{state}", 1)), pages)
    found = moderation.queue(
        visit.platform, state=state, limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS
    )
    called = names(visit.platform, {thing_of(summary.title) for summary in found})
    with st.container(gap="xsmall"):
        for rank, summary in enumerate(found, start=(page - 1) * PAGE_ROWS + 1):
            title = case_title(summary, visit.language, called)
            _row(visit, rank, title, summary, timezone)
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.pagination(pages, default=page, key=f"page_{state}")


def asked_state() -> State:
    """The list that the address names; open cases unless it names the decided ones."""
    return "decided" if st.query_params.get("state") == "decided" else "open"


def open_case(case_id: str) -> None:
    """Lead to a case; a callback."""
    st.query_params.from_dict({"case": case_id})


def back_to_queue(state: State) -> None:
    """Lead back to the queue; a callback."""
    st.query_params.from_dict({"state": "decided"} if state == "decided" else {})


def _row(visit: Visit, rank: int, title: str, summary: CaseSummary, timezone: str) -> None:
    say = visit.say
    facts = [
        say(f"subjects.{summary.subject_type}", count=exact(summary.subject_count)),
        say("queue.opened", at=instant(summary.opened_at, timezone)),
        say("queue.priority", priority=f"{summary.priority:,.1f}"),
    ]
    if summary.decided_at:
        facts.insert(0, say("queue.decided_at", at=instant(summary.decided_at, timezone)))
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"row_{summary.case_id}",
    ):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{rank}** · {title} {verdict_badge(visit, summary)}")
            st.caption(" · ".join(facts))
        st.button(
            say("queue.review"),
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=open_case,
            args=(summary.case_id,),
            key=f"open_{summary.case_id}",
        )


def verdict_badge(visit: Visit, summary: CaseSummary) -> str:
    """The case's state as a badge in Markdown."""
    if summary.verdict is None:
        return f":gray-badge[{visit.say(f'kind.{summary.kind}')}]"
    colour = "red" if summary.verdict == "confirmed" else "gray"
    return f":{colour}-badge[{visit.say(f'case.{summary.verdict}')}]"
