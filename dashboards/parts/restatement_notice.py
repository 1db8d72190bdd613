"""The notice that numbers already shown have changed: old, new, and why."""

import streamlit as st

from dashboards.brand.restatement import Restatement
from dashboards.brand.verdicts import Verdicts
from dashboards.definitions import label
from dashboards.formats import day_range, exact, instant, money
from dashboards.visit import Visit
from pipelines.warehouse.release import Release

MOST_IN_TITLE = 2
MEASURES = ("net", "gross", "removed", "pending")


def restatement_notice(
    visit: Visit, restatements: list[Restatement], baseline: Release, currency: str | None
) -> None:
    """One line, with every old and new number behind it; nothing when nothing changed."""
    if not restatements:
        return
    said = [_line(visit, one, currency) for one in restatements[:MOST_IN_TITLE]]
    title = f"**{visit.say('restated')}** · " + " · ".join(said)
    with st.expander(title, icon=":material/history:"):
        st.markdown(_table(visit, restatements, currency))
        published = instant(baseline.created_at, baseline.timezone)
        st.caption(visit.say("restated_since", number=baseline.number, published=published))


def _line(visit: Visit, one: Restatement, currency: str | None) -> str:
    measure = "net" if one.old.net != one.new.net else "pending"
    old, new = (_number(one, side, measure, currency) for side in (one.old, one.new))
    cause = visit.say(f"cause.{one.cause}")
    name = _name(visit, one, measure)
    return visit.say("restated_line", metric=name, old=old, new=new, cause=cause)


def _table(visit: Visit, restatements: list[Restatement], currency: str | None) -> str:
    say = visit.say
    measures = [measure for measure in MEASURES if _any_changed(restatements, measure)]
    heads = [say("restated.metric"), say("restated.days"), *map(say, measures)]
    heads.append(say("restated.cause"))
    lines = [_row(heads), _row(["---"] * 2 + ["---:"] * len(measures) + ["---"])]
    for one in restatements:
        cells = [label(_metric(one), visit.language), day_range(one.first, one.last)]
        cells += [_cell(one, measure, currency) for measure in measures]
        lines.append(_row([*cells, say(f"cause.{one.cause}")]))
    return "\n".join(lines)


def _cell(one: Restatement, measure: str, currency: str | None) -> str:
    old = _number(one, one.old, measure, currency)
    new = _number(one, one.new, measure, currency)
    return old if old == new else f"{old} → **{new}**"


def _number(one: Restatement, side: Verdicts, measure: str, currency: str | None) -> str:
    value = int(getattr(side, measure))
    return money(value, currency) if one.metric == "gmv_minor" else exact(value)


def _name(visit: Visit, one: Restatement, measure: str) -> str:
    name = label(_metric(one), visit.language)
    if one.metric not in {"ad_clicks", "conversions"}:
        return name
    return visit.say("net_of" if measure == "net" else "pending_of", metric=name)


def _metric(one: Restatement) -> str:
    return "gmv" if one.metric == "gmv_minor" else one.metric


def _any_changed(restatements: list[Restatement], measure: str) -> bool:
    if measure in {"net", "gross"}:
        return True
    return any(getattr(one.old, measure) or getattr(one.new, measure) for one in restatements)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
