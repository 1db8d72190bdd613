"""How far in time a table reaches into its inputs, and which of its days a change touches."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.lake import Pin, Window

UTC_PARTITION: Final = "utc_date"


def input_window(model: Model, name: str, pin: Pin, window: Window | None) -> Window | None:
    """Days of an input that a window of the model is computed from; None is all of them."""
    if window is None:
        return None
    back, ahead = model.header.reach_back(name), model.header.reach_ahead(name)
    border = 1 if pin.partition == UTC_PARTITION else 0  # a local day lies on two UTC days
    return Window(
        date.min if back == "all" else window.from_date - timedelta(days=back + border),
        date.max if ahead == "all" else window.to_date + timedelta(days=ahead + border),
    )


def touched_days(model: Model, name: str, days: Iterable[date], horizon: date) -> set[date]:
    """The model's days that rows of these days of an input enter, up to the horizon.

    The horizon is the last day on which anything happened at all: a trailing window is not
    computed for days that have not come yet. A table that looks back on all days of an input is
    touched from the first of these days on.
    """
    back, ahead = model.header.reach_back(name), model.header.reach_ahead(name)
    if ahead == "all":
        raise ValueError(f"{model.name} reads all later days of {name}: say what they affect")
    days = set(days)
    if back == "all":
        days |= set(_until(min(days), horizon)) if days else set()
        back = 0
    widened = {day + timedelta(days=offset) for day in days for offset in range(-ahead, back + 1)}
    return days | {day for day in widened if day <= horizon}


def _until(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
