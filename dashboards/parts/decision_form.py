"""Deciding a case in two inline steps: choose, then confirm. Only the second one writes."""

from dataclasses import dataclass
from typing import get_args

import streamlit as st

from dashboards import visit as visits
from dashboards.formats import exact
from dashboards.parts.queue import open_case
from dashboards.visit import Visit
from platform_core import moderation
from platform_core.moderation import (
    REASONS,
    Case,
    CaseMoved,
    CaseUnknown,
    SameReviewer,
    SubjectType,
    Verdict,
    reasons,
)

MOST_NOTE_LETTERS = 500
DONE, MOVED, SESSION_ENDED = "decided.done", "decided.moved", "decided.session"
OWN_DECISION = "decided.own"


@dataclass(frozen=True)
class Draft:
    """A decision that is chosen and not yet written."""

    verdict: Verdict
    reason_code: str
    note: str


def decision_form(visit: Visit, case: Case, subject_count: int) -> None:
    """The form for the case as it is shown; its keys hold the case's version."""
    scope = f"{case.case_id}_{case.version}"
    with st.container(border=True, key=f"decision_{scope}"):
        st.subheader(visit.say("decide"), anchor=False)
        if case.decisions and not st.session_state.get(f"again_{scope}"):
            _decided(visit, scope)
        elif draft := st.session_state.get(f"draft_{scope}"):
            _second_step(visit, case, scope, draft, subject_count)
        else:
            _first_step(visit, scope, case.subject_type)


def tell_outcome(visit: Visit, case: Case) -> None:
    """Say once what became of a decision that was sent, or that the case moved meanwhile."""
    shown = st.session_state.setdefault("shown_versions", {})
    moved = shown.get(case.case_id, case.version) != case.version
    shown[case.case_id] = case.version
    outcome = st.session_state.pop("outcome", MOVED if moved else None)
    if outcome == DONE:
        st.info(visit.say(outcome), icon=":material/check:")
    elif outcome == MOVED:
        words = "decided.moved" if case.decisions else "decided.extended"
        st.warning(visit.say(words), icon=":material/sync_problem:")
    elif outcome:
        st.warning(visit.say(outcome), icon=":material/lock:")


def reason_label(visit: Visit, verdict: Verdict, code: str) -> str:
    """A reason code in words."""
    found = next((reason for reason in REASONS[verdict] if reason.code == code), None)
    if found is None:
        return code
    return found.zh if visit.language == "zh" else found.en


def _decided(visit: Visit, scope: str) -> None:
    following = moderation.queue(visit.platform, state="open", limit=1)
    with st.container(horizontal=True):
        if following:
            st.button(
                visit.say("decide.next"),
                type="primary",
                on_click=open_case,
                args=(following[0].case_id,),
                key=f"next_{scope}",
            )
        st.button(
            visit.say("decide.again"),
            on_click=_keep,
            args=(f"again_{scope}", True),
            key=f"redo_{scope}",
        )


def _first_step(visit: Visit, scope: str, subject_type: SubjectType) -> None:
    say = visit.say
    verdict = st.segmented_control(
        say("decide.verdict"),
        get_args(Verdict),
        format_func=lambda code: say(f"decide.{code}"),
        width="stretch",
        key=f"verdict_{scope}",
    )
    codes = [reason.code for reason in reasons(verdict, subject_type)] if verdict else []
    reason = st.selectbox(
        say("decide.reason"),
        codes,
        index=None,
        placeholder=say("decide.reason.choose"),
        format_func=lambda code: reason_label(visit, verdict, code) if verdict else code,
        disabled=not codes,
        key=f"reason_{scope}_{verdict}",
    )
    note = st.text_area(
        say("decide.note"), max_chars=MOST_NOTE_LETTERS, height=80, key=f"note_{scope}"
    )
    draft = Draft(verdict, reason, note.strip()) if verdict and reason else None
    st.button(
        say("decide.continue"),
        type="primary",
        width="stretch",
        disabled=draft is None,
        on_click=_keep,
        args=(f"draft_{scope}", draft),
        key=f"continue_{scope}",
    )


def _second_step(visit: Visit, case: Case, scope: str, draft: Draft, subject_count: int) -> None:
    say = visit.say
    reason = reason_label(visit, draft.verdict, draft.reason_code)
    st.markdown(f"**{say(f'decide.{draft.verdict}')}** · {reason}")
    if draft.note:
        st.caption(draft.note)
    what = say(f"what.{case.subject_type}", count=exact(subject_count))
    st.markdown(say(f"decide.sure.{draft.verdict}", what=what))
    with st.container(horizontal=True):
        st.button(
            say("decide.write"),
            type="primary",
            on_click=_write,
            args=(case.case_id, case.version, draft),
            key=f"write_{scope}",
        )
        st.button(
            say("decide.back"), on_click=_keep, args=(f"draft_{scope}", None), key=f"undo_{scope}"
        )


def _keep(name: str, value: object) -> None:
    st.session_state[name] = value


def _write(case_id: str, version: int, draft: Draft) -> None:
    """Write the decision, as the person who is signed in at this moment."""
    reader = visits.begin()
    if reader is None:
        st.session_state["outcome"] = SESSION_ENDED
        return
    try:
        moderation.decide(
            reader.platform,
            case_id,
            case_version=version,
            verdict=draft.verdict,
            reason_code=draft.reason_code,
            note=draft.note,
            reviewer=reader.identity,
            now=reader.now,
        )
    except SameReviewer:
        st.session_state["outcome"] = OWN_DECISION
    except (CaseMoved, CaseUnknown):
        st.session_state["outcome"] = MOVED
    else:
        st.session_state["outcome"] = DONE
