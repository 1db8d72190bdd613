"""The one way to take numbers away: a CSV button whose every use is audited."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboards.export import to_csv
from dashboards.sessions import SESSION_COOKIE, utc_now, whose
from dashboards.visit import Visit
from platform_core.access import record


def csv_button(
    visit: Visit,
    rows: pl.DataFrame,
    headings: Sequence[str],
    *,
    name: str,
    brand_id: str,
    period: str,
) -> None:
    """A button that makes the file when it is pressed, and notes who took what."""
    token = st.context.cookies.get(SESSION_COOKIE)

    def made() -> bytes:
        identity = whose(token)
        if identity is None or brand_id not in identity.brand_ids:
            raise PermissionError("the session has ended")
        detail = {"table": name, "period": period, "rows": rows.height}
        record(
            visit.platform,
            actor=identity.login,
            action="csv.downloaded",
            subject=brand_id,
            detail=detail,
            at=utc_now(),
        )
        return to_csv(rows, headings)

    st.download_button(
        visit.say("csv"),
        made,
        file_name=f"meadow_{name}_{period}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"csv_{name}_{brand_id}_{period}",
    )
