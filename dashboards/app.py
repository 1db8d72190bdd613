"""The script that Streamlit runs for every rerun: settle the visit, then draw one page."""

from pathlib import Path
from typing import Final

import streamlit as st

from dashboards import visit

HERE: Final = Path(__file__).parent
PAGES: Final = {"brand": ("views/brand.py", "brand"), "reviewer": ("views/review.py", "review")}


def run() -> None:
    """Draw the page of the signed-in role, or lead to the sign-in page."""
    st.set_page_config(page_title="Meadow", page_icon=str(HERE / "icon.png"), layout="wide")
    reader = visit.begin()
    if reader is None:
        visit.to_sign_in()
        st.stop()
    file, path = PAGES[reader.identity.role]
    home = st.Page(HERE / "views/home.py", title="Meadow", default=True)
    page = st.Page(HERE / file, title="Meadow", url_path=path)
    st.session_state["home_leads_to"] = page
    st.navigation([home, page], position="hidden").run()


run()
