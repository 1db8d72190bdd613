"""One case: what happened as it was frozen, and what was decided."""

import streamlit as st

from dashboards.charts import clicks_spec
from dashboards.formats import MISSING, duration, exact, instant
from dashboards.parts.case_signs import case_signs, case_subjects
from dashboards.parts.decision_form import decision_form, reason_label, tell_outcome
from dashboards.parts.empty_state import empty_state
from dashboards.parts.queue import asked_state, back_to_queue, verdict_badge
from dashboards.review.evidence import Evidence, clicks_frame, parsed, span_seconds
from dashboards.review.wording import actor_part, case_title, thing_of
from dashboards.visit import Visit
from platform_core import moderation
from platform_core.access import record
from platform_core.moderation import Case, CaseUnknown
from platform_core.names import names

MOST_TABLE_HEIGHT = 360
ROW_HEIGHT = 30


def case_view(visit: Visit, case_id: str, timezone: str) -> None:
    """Evidence on the left, the decision on the right."""
    try:
        case = moderation.case(visit.platform, case_id)
    except CaseUnknown:
        _back(visit, None)
        empty_state(visit.say("case.none"), visit.say("case.none.help"), ":material/search_off:")
        return
    _note_view(visit, case)
    evidence = parsed(case.evidence, {subject.subject_id for subject in case.subjects})
    _back(visit, case)
    tell_outcome(visit, case)
    _title(visit, case)
    wide, narrow = st.columns([2, 1])
    with wide:
        _facts(visit, case, evidence, timezone)
        case_signs(visit, evidence)
        _clicks(visit, case, evidence, timezone)
        case_subjects(visit, evidence)
    with narrow:
        decision_form(visit, case, len(case.subjects))
        _history(visit, case, timezone)


def _note_view(visit: Visit, case: Case) -> None:
    """Personal evidence was seen: noted once a session and version."""
    seen = st.session_state.setdefault("seen_cases", set())
    if (case.case_id, case.version) in seen:
        return
    seen.add((case.case_id, case.version))
    record(
        visit.platform,
        actor=visit.identity.login,
        action="case.viewed",
        subject=case.case_id,
        detail={"case_version": case.version},
        at=visit.now,
    )


def _back(visit: Visit, case: Case | None) -> None:
    st.button(
        visit.say("queue.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=back_to_queue,
        args=(case.state if case else asked_state(),),
        key="back_to_queue",
    )


def _title(visit: Visit, case: Case) -> None:
    say = visit.say
    badges = [
        verdict_badge(visit, case),
        f":gray-badge[{say('case.version', version=case.version)}]",
    ]
    if case.round > 1:
        badges.append(f":gray-badge[{say('case.round', round=case.round)}]")
    called = names(visit.platform, {thing_of(case.title)})
    title = case_title(case, visit.language, called)
    st.header(f"{title} {' '.join(badges)}", anchor=False)


def _facts(visit: Visit, case: Case, evidence: Evidence, timezone: str) -> None:
    say, language = visit.say, visit.language
    with st.container(border=True):
        st.subheader(say("case.rule"), anchor=False)
        st.markdown(evidence.rule_in(language))
        by = say(
            "case.rule_by",
            detector=case.detector,
            version=case.detector_version,
            kind=say(f"kind.{case.kind}"),
        )
        st.caption(by)
        lines = [(say("case.who"), _who(visit, evidence))] if evidence.actor else []
        if evidence.campaign_id:
            ids = evidence.campaign_id, evidence.brand_id or MISSING
            called = names(visit.platform, ids)
            where = dict(zip(("campaign", "brand"), (called.get(i, i) for i in ids), strict=True))
            lines.append((say("case.where"), say("case.where_line", **where)))
        if evidence.clicks:
            first, last = evidence.clicks[0].clicked_at, evidence.clicks[-1].clicked_at
            span = duration(span_seconds(evidence), language)
            when = {"first": instant(first, timezone), "last": instant(last, timezone)}
            counts = {"clicks": exact(len(evidence.clicks)), "flagged": exact(evidence.flagged)}
            lines.append((say("case.what"), say("case.what_line", **counts)))
            lines.append((say("case.when"), say("case.when_line", **when, span=span)))
        what = say(f"what.{case.subject_type}", count=exact(len(case.subjects)))
        effect = say("case.effect_line", what=what)
        lines.append((say("case.effect"), effect))
        with st.grid(2, min_column_width=240, gap="small"):
            for name, value in lines:
                with st.container(gap=None):
                    st.caption(name)
                    st.markdown(value)


def _who(visit: Visit, evidence: Evidence) -> str:
    return " · ".join(actor_part(*known, visit.language) for known in evidence.actor.items())


def _clicks(visit: Visit, case: Case, evidence: Evidence, timezone: str) -> None:
    say = visit.say
    frame = clicks_frame(evidence, timezone, visit.language)
    if frame.is_empty():
        if evidence.rest:
            st.json(dict(evidence.rest))
        return
    counts = {"clicks": exact(frame.height), "flagged": exact(evidence.flagged)}
    with st.container(border=True):
        st.subheader(say("case.timeline"), anchor=False)
        spec = clicks_spec(visit.language, visit.dark)
        alt = say("case.timeline_alt", **counts)
        st.vega_lite_chart(frame, spec, theme=None, width="stretch", alt=alt)
        st.dataframe(
            frame.select("clock", "gap", "state", "campaign", "click_id"),
            column_config={
                "clock": say("click.at"),
                "gap": say("click.gap"),
                "state": say("click.state"),
                "campaign": say("click.campaign"),
                "click_id": say("click.id"),
            },
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=min(MOST_TABLE_HEIGHT, (frame.height + 1) * ROW_HEIGHT + 8),
            alt=alt,
        )
        st.caption(say("case.frozen", timezone=timezone))
        if len(case.subjects) > evidence.flagged:
            shown = {"shown": exact(evidence.flagged), "total": exact(len(case.subjects))}
            st.caption(say("case.sample", **shown))
        if evidence.rest:
            with st.expander(say("case.more")):
                st.json(dict(evidence.rest))


def _history(visit: Visit, case: Case, timezone: str) -> None:
    if not case.decisions:
        return
    say = visit.say
    with st.container(border=True):
        st.subheader(say("decided.title"), anchor=False)
        for decision in reversed(case.decisions):
            st.markdown(
                say(
                    "decided.line",
                    at=instant(decision.decided_at, timezone),
                    login=decision.reviewer_login,
                    verdict=say(f"case.{decision.verdict}"),
                    reason=reason_label(visit, decision.verdict, decision.reason_code),
                )
            )
            if decision.note:
                st.caption(decision.note)
