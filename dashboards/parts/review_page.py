"""The reviewer's page: the queue, or the case that the address names."""

import streamlit as st

from dashboards.parts.case_view import case_view
from dashboards.parts.header import header
from dashboards.parts.queue import queue_list
from dashboards.visit import Visit
from pipelines.warehouse import release as releases
from platform_core.settings import settings


def show(visit: Visit) -> None:
    """Draw the queue or a case; times are on the lake's reporting clock."""
    release = releases.latest(visit.lake)
    timezone = release.timezone if release else settings().timezone
    header(visit, visit.say("review"), release)
    case_id = st.query_params.get("case")
    if case_id:
        case_view(visit, case_id, timezone)
    else:
        queue_list(visit, timezone)
