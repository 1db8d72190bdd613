"""Rows of a page: things side by side, or pushed apart."""

from typing import Any

import streamlit as st


def beside() -> Any:
    """A row as wide as what it holds."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", width="content")


def apart() -> Any:
    """A row over the full width, its first thing left and its last thing right."""
    return st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="small",
    )
