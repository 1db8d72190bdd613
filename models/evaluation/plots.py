"""The pictures of ``docs/evaluation.md``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import altair as alt
import numpy as np
import polars as pl

from models.evaluation.accusations import Accused
from models.evaluation.intervals import Interval
from models.evaluation.measured import RECALL_AIM, Judged, accused_aim

GREEN: Final = "#0b6e4f"
GREY: Final = "#9aa5a0"
RUST: Final = "#c2410c"
WIDTH: Final = 420
SCALE: Final = 2
COLUMNS: Final = 4


def draw(judged: Judged, by_day: pl.DataFrame, folder: Path) -> list[tuple[str, str]]:
    """Save the pictures; returns the name of each and what it shows, in words."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [
        ("recall", "Recall of each kind, with its interval, beside its ceiling", recall(judged)),
        (
            "soon",
            "Share of each kind's subjects that are flagged, by day of the campaign",
            soon(by_day),
        ),
        ("honest", "Share of each honest crowd that is accused", honest(judged.crowds)),
        ("calibration", "Share of fraud beside the mean score", calibration(judged)),
    ]
    saved = []
    for name, shows, chart in drawn:
        if chart is not None:
            chart.save(folder / f"evaluation-{name}.png", scale_factor=SCALE)
            saved.append((f"evaluation-{name}", shows))
    return saved


def recall(judged: Judged) -> Any:
    tops = {c.kind: c.recall.value for c in judged.ceilings}
    rows = [
        {"kind": f.kind, "ceiling": tops.get(f.kind), **_ends(f.subjects)} for f in judged.kinds
    ]
    if not rows:
        return None
    frame = pl.DataFrame(rows, infer_schema_length=None)
    kind = alt.Y("kind:N", sort=None, title=None, axis=alt.Axis(labelLimit=300))
    chart = alt.Chart(frame).properties(width=WIDTH)
    share = alt.X("value:Q", title="recall", scale=alt.Scale(domain=[0, 1]), axis=_percent())
    bar = chart.mark_rule(color=GREEN, strokeWidth=3).encode(x=alt.X("low:Q"), x2="high:Q", y=kind)
    point = chart.mark_point(filled=True, size=70, color=GREEN, opacity=1).encode(x=share, y=kind)
    top = chart.mark_tick(color=GREY, thickness=3).encode(x="ceiling:Q", y=kind)
    return top + bar + point + _line(RECALL_AIM)


def soon(by_day: pl.DataFrame) -> Any:
    if by_day.is_empty():
        return None
    return (
        alt.Chart(by_day)
        .mark_line(interpolate="step-after", color=GREEN)
        .encode(
            x=alt.X("day:Q", title="day"),
            y=alt.Y("share:Q", title=None, axis=_percent(), scale=alt.Scale(domain=[0, 1])),
        )
        .properties(width=140, height=70)
        .facet(alt.Facet("kind:N", title=None), columns=COLUMNS)
    )


def honest(crowds: Sequence[Accused]) -> Any:
    rows = [
        {"crowd": c.name, "aim": accused_aim(c), **_ends(c.people)}
        for c in crowds
        if c.people.is_known
    ]
    if not rows:
        return None
    crowd = alt.Y("crowd:N", sort=None, title=None, axis=alt.Axis(labelLimit=300))
    chart = alt.Chart(pl.DataFrame(rows)).properties(width=WIDTH)
    bar = chart.mark_rule(color=RUST, strokeWidth=3).encode(x=alt.X("low:Q"), x2="high:Q", y=crowd)
    share = alt.X("value:Q", title="people accused", axis=alt.Axis(format=".1%"))
    point = chart.mark_point(filled=True, size=70, color=RUST, opacity=1).encode(x=share, y=crowd)
    aim = chart.mark_tick(color=GREY, thickness=3).encode(x="aim:Q", y=crowd)
    return aim + bar + point


def calibration(judged: Judged) -> Any:
    rows = [
        {"score": mean, "subjects": n, **_ends(real)} for _, n, mean, real in judged.reliability
    ]
    if not rows:
        return None
    chart = alt.Chart(pl.DataFrame(rows)).properties(width=300, height=300)
    whole = alt.Scale(domain=[0, 1])
    score = alt.X("score:Q", title="mean score", scale=whole)
    bar = chart.mark_rule(color=GREEN).encode(x=score, y=alt.Y("low:Q"), y2="high:Q")
    point = chart.mark_point(filled=True, color=GREEN, opacity=1).encode(
        x=score,
        y=alt.Y("value:Q", title="share of fraud", scale=whole, axis=_percent()),
        size=alt.Size("subjects:Q", legend=None),
    )
    line = alt.Chart(pl.DataFrame({"score": [0, 1], "real": [0, 1]})).mark_line(
        color=GREY, strokeDash=[4, 4]
    )
    return line.encode(x="score:Q", y="real:Q") + bar + point


def _ends(found: Interval) -> dict[str, float]:
    """Value and ends; the ends are the value where no interval can be told."""
    low, high = (found.value if np.isnan(end) else end for end in (found.low, found.high))
    return {"value": found.value, "low": low, "high": high}


def _line(aim: float) -> Any:
    rows = pl.DataFrame({"aim": [aim]})
    return alt.Chart(rows).mark_rule(color=GREY, strokeDash=[4, 4]).encode(x="aim:Q")


def _percent() -> alt.Axis:
    return alt.Axis(format="%")
