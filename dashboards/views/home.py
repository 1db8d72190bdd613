"""The home page: it only leads to the page of the reader's role."""

import streamlit as st

st.switch_page(st.session_state["home_leads_to"])
