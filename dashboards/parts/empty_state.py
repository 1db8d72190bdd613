"""What stands where there is nothing to show: what is missing, and what to do."""

from collections.abc import Callable

import streamlit as st


def empty_state(
    title: str,
    words: str,
    icon: str = ":material/grass:",
    way_out: tuple[str, Callable[[], None]] | None = None,
) -> None:
    """A calm, centred note; ``way_out`` is a button's label and what it does."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("medium")
        st.header(f"{icon} {title}", anchor=False, text_alignment="center")
        st.caption(words, text_alignment="center")
        if way_out:
            label, leave = way_out
            st.button(label, on_click=leave, type="primary", key="way_out")
        st.space("medium")
