"""Why a case is suspicious: its signs in words, and each subject with its own reasons."""

import polars as pl
import streamlit as st

from dashboards.formats import exact
from dashboards.review.evidence import Evidence, signs_frame, subjects_frame
from dashboards.visit import Visit

MOST_TABLE_HEIGHT = 360
ROW_HEIGHT = 30
WHOLE_PERCENT = "%.0f%%"


def case_signs(visit: Visit, evidence: Evidence) -> None:
    """Every sign with the share of the subjects that show it; nothing if a plain rule flagged."""
    frame = signs_frame(evidence, visit.language)
    if frame.is_empty():
        return
    say = visit.say
    with st.container(border=True):
        st.subheader(say("case.why"), anchor=False)
        if evidence.probability is not None:
            st.caption(say("case.probability", probability=f"{evidence.probability:.0%}"))
        share = st.column_config.ProgressColumn(
            say("sign.share"), format=WHOLE_PERCENT, min_value=0, max_value=100
        )
        st.dataframe(
            frame.with_columns(pl.col("share") * 100),
            column_config={
                "words": st.column_config.TextColumn(say("sign.words"), width="large"),
                "share": share,
                "count": say("sign.count"),
            },
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=_height(frame),
            alt=say("case.why_alt", signs=exact(frame.height)),
        )


def case_subjects(visit: Visit, evidence: Evidence) -> None:
    """The frozen sample of subjects, one a line."""
    frame = subjects_frame(evidence)
    if frame.is_empty():
        return
    say = visit.say
    with st.container(border=True):
        st.subheader(say("case.subjects"), anchor=False)
        sure = st.column_config.NumberColumn(say("subject.probability"), format=WHOLE_PERCENT)
        st.dataframe(
            frame.with_columns(pl.col("probability") * 100),
            column_config={
                "event_date": say("subject.day"),
                "subject_id": say("subject.id"),
                "probability": sure,
                "reasons": st.column_config.TextColumn(say("subject.reasons"), width="large"),
            },
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=min(MOST_TABLE_HEIGHT, _height(frame)),
            alt=say("case.subjects_alt", shown=exact(frame.height)),
        )


def _height(frame: pl.DataFrame) -> int:
    """Of a table that shows all rows."""
    return (frame.height + 1) * ROW_HEIGHT + 8
