"""Let a town live, print its statistics beside published ranges, and plot them.

``--plots docs/images`` draws the pictures of ``docs/simulation.md``.
"""

import argparse
import tempfile
from datetime import datetime
from pathlib import Path

import altair as alt
import polars as pl

from pipelines.defs.house import House
from pipelines.defs.town import live, statistics
from platform_core.settings import Settings
from platform_core.simulation.report import ctr_by_position, figures, read, traffic_by_hour

UNTIL = datetime(2026, 11, 1)
GREEN, GREY = "#0b6e4f", "#9aa5a0"
SCALE = 2


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--days", type=int, default=28)
    arguments.add_argument("--users", type=int, default=1_000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--plots", type=Path)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="meadow-town-") as folder:
        house = House(Settings(home=Path(folder) / "var"))
        for line in live(house, options.days, options.users, options.seed, UNTIL):
            print(line)
        for line in statistics(house):
            print(line)
        if options.plots:
            plot(house.settings.home.resolve(), options.plots)


def plot(home: Path, folder: Path) -> None:
    """Draw the town's figures beside the published ranges, its positions and its hours."""
    folder.mkdir(parents=True, exist_ok=True)
    events = read(home)
    charts = {
        "town-figures": beside_ranges(home),
        "town-positions": by_position(events),
        "town-hours": by_hour(events),
    }
    for name, chart in charts.items():
        chart.save(folder / f"{name}.png", scale_factor=SCALE)


def beside_ranges(home: Path) -> alt.Chart:
    """Each figure as a point within its range, all ranges drawn to one width."""
    rows = pl.DataFrame(
        [
            {
                "figure": f.en,
                "place": (f.value - f.low) / (f.high - f.low),
                "is_within": f.is_within,
            }
            for f in figures(home)
            if f.value is not None
        ]
    ).with_columns(start=pl.lit(0.0), end=pl.lit(1.0))
    order = alt.Y("figure:N", sort=None, title=None, axis=alt.Axis(labelLimit=420))
    place = alt.Scale(domain=[-0.5, 1.5], clamp=True)
    chart = alt.Chart(rows).properties(width=420)
    bar = chart.mark_bar(height=8, color="#dfe7e3").encode(
        x=alt.X("start:Q", scale=place, title="published range", axis=alt.Axis(labels=False)),
        x2="end:Q",
        y=order,
    )
    colour = alt.Color("is_within:N", legend=None, scale=alt.Scale(range=["#c2410c", GREEN]))
    point = chart.mark_point(filled=True, size=70).encode(
        x=alt.X("place:Q", scale=place), y=order, color=colour
    )
    return bar + point


def by_position(events: pl.DataFrame) -> alt.Chart:
    """Share of the cards seen at a position that were read."""
    shown = ctr_by_position(events).filter(pl.col("surface").is_in(["feed", "search"]))
    colours = alt.Scale(domain=["feed", "search"], range=[GREY, GREEN])
    return (
        alt.Chart(shown)
        .mark_line(point=True)
        .encode(
            x=alt.X("position:O", title="position"),
            y=alt.Y("ctr:Q", title="read of seen", axis=alt.Axis(format="%")),
            color=alt.Color("surface:N", title=None, scale=colours),
        )
        .properties(width=420, height=220)
    )


def by_hour(events: pl.DataFrame) -> alt.Chart:
    """Share of sessions that begin in each local hour."""
    return (
        alt.Chart(traffic_by_hour(events))
        .mark_bar(color=GREEN)
        .encode(
            x=alt.X("hour:O", title="hour in Shanghai"),
            y=alt.Y("share:Q", title="share of sessions", axis=alt.Axis(format="%")),
        )
        .properties(width=420, height=220)
    )


if __name__ == "__main__":
    main()
