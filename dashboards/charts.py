"""Charts as Vega-Lite specs without data, built once per language and theme."""

from functools import cache
from typing import Any, Final

from dashboards.formats import Language
from dashboards.inks import FONT, Inks, inks, wash
from dashboards.strings import Say, speaker

Spec = dict[str, Any]

HEIGHT: Final = 270
BAND_STRENGTH: Final = 0.22
PALE: Final = 0.4
UTC_SCALE: Final = {"type": "utc", "nice": False}  # days are days, wherever the reader sits

_SHORT: Final[dict[Language, str]] = {
    "zh": "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, '~f') + '亿'"
    " : abs(datum.value) >= 1e4 ? format(datum.value / 1e4, '~f') + '万'"
    " : format(datum.value, ',~f')",
    "en": "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, '~f') + 'B'"
    " : abs(datum.value) >= 1e6 ? format(datum.value / 1e6, '~f') + 'M'"
    " : abs(datum.value) >= 1e4 ? format(datum.value / 1e3, '~f') + 'K'"
    " : format(datum.value, ',~f')",
}


@cache
def band_spec(language: Language, dark: bool) -> Spec:
    """Daily lines: net over a red band (removed) and an amber band (pending), gross, previous.

    Data: ``band_frame`` with ``day_ms`` (the start of the day in UTC, so that a day is the same day
    everywhere) and a ``<column>_text`` beside each number, for the tooltip.
    """
    ink, say = inks(dark), speaker(language)
    names = [say(key) for key in ("net", "gross", "previous", "removed", "pending")]
    net, gross, previous, removed, pending = names
    washes = {
        removed: wash(ink.removed, ink.ground, BAND_STRENGTH),
        pending: wash(ink.pending, ink.ground, BAND_STRENGTH * 1.5),
    }
    lines = {net: ink.net, gross: ink.gross}
    hover = dict(zip(("net", "gross", "previous", "removed", "pending"), names, strict=True))
    layers = [
        _area("gross", "net", removed, washes),
        _area("net", "settled", pending, washes),
        _line("gross", gross, lines, 1.3),
        _dashed("previous", previous, ink.gross, 1.6),
        *_net(net, lines),
        _points("net", ink.net),
        _hover(ink, hover, say),
    ]
    return _daily(layers, language, ink)


@cache
def line_spec(language: Language, dark: bool) -> Spec:
    """Daily lines of a metric without verdicts: this period, and the compared one dashed."""
    ink, say = inks(dark), speaker(language)
    now, previous = say("current"), say("previous")
    lines = {now: ink.net}
    layers = [
        _dashed("previous", previous, ink.gross, 1.6),
        *_net(now, lines),
        _points("net", ink.net),
        _hover(ink, {"net": now, "previous": previous}, say),
    ]
    return _daily(layers, language, ink)


@cache
def bars_spec(language: Language, dark: bool) -> Spec:
    """Shares as bars on a grey track, with the compared period as a tick.

    Data rows: place, step, meaning, share, previous_share, text; ``funnel_frame`` is one.
    """
    ink, say = inks(dark), speaker(language)
    order = {"field": "step", "type": "nominal", "sort": {"field": "place", "op": "min"}}
    axis = {"title": None, "ticks": False, "domain": False, "labelPadding": 8, "labelFontSize": 13}
    bar = {"type": "bar", "height": 18, "cornerRadius": 2}
    share = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    tooltip = [
        {"field": "step", "type": "nominal", "title": say("metric")},
        {"field": "text", "type": "nominal", "title": say("current")},
        {
            "field": "previous_share",
            "type": "quantitative",
            "format": ".2%",
            "title": say("previous"),
        },
    ]
    tick = {"type": "tick", "color": ink.text, "thickness": 2, "height": 24}
    words = {"type": "text", "align": "left", "dx": 8, "color": ink.text, "fontSize": 12}
    layers = [
        {"mark": {**bar, "color": ink.grid}, "encoding": {"x": {"datum": 1, **share}}},
        {
            "mark": bar,
            "encoding": {
                "x": {"field": "share", **share},
                "color": _by_meaning(ink),
                "tooltip": tooltip,
            },
        },
        {
            "mark": tick,
            "encoding": {"x": {"field": "previous_share", **share}},
        },
        {
            "mark": words,
            "encoding": {
                "x": {"datum": 1, **share},
                "text": {"field": "text", "type": "nominal"},
            },
        },
    ]
    padding = {"left": 0, "right": 8, "top": 4, "bottom": 4}
    spec = {"height": HEIGHT, "padding": padding, "layer": layers}
    return {**spec, "encoding": {"y": {**order, "axis": axis}}, "config": _config(ink)}


@cache
def clicks_spec(language: Language, dark: bool) -> Spec:
    """Clicks on a time axis, one lane per campaign; rows: at_ms, clock, campaign, state, gap."""
    ink, say = inks(dark), speaker(language)
    names = [say("click.flagged"), say("click.clear")]
    colour = {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": names, "range": [ink.removed, ink.gross]},
        "legend": _legend("circle"),
    }
    time_axis = {"title": None, "format": "%m-%d %H:%M", "labelOverlap": True, "tickCount": 5}
    encoding = {
        "x": {
            "field": "at_ms",
            "type": "temporal",
            "axis": time_axis,
            "scale": {**UTC_SCALE, "padding": 16},
        },
        "y": {"field": "campaign", "type": "nominal", "axis": {"title": None, "grid": True}},
        "color": colour,
        "tooltip": [
            {"field": "clock", "type": "nominal", "title": say("click.at")},
            {"field": "gap", "type": "nominal", "title": say("click.gap")},
            {"field": "state", "type": "nominal", "title": say("click.state")},
        ],
    }
    mark = {"type": "point", "filled": True, "size": 80, "opacity": 0.45}
    return {"height": 130, "mark": mark, "encoding": encoding, "config": _config(ink)}


def _daily(layers: list[Spec], language: Language, ink: Inks) -> Spec:
    axis = {
        "title": None,
        "format": "%m-%d",
        "grid": False,
        "labelOverlap": "greedy",
        "labelSeparation": 28,
        "tickCount": {"interval": "day", "step": 1},
    }
    x = {"field": "day_ms", "type": "temporal", "axis": axis, "scale": UTC_SCALE}
    return {
        "height": HEIGHT,
        "encoding": {"x": x},
        "layer": layers,
        "config": _config(ink) | {"axisQuantitative": {"labelExpr": _SHORT[language]}},
    }


def _by_meaning(ink: Inks) -> Spec:
    inks_by_name = {"net": ink.net, "pending": ink.pending, "removed": ink.removed}
    scale = {"domain": list(inks_by_name), "range": list(inks_by_name.values())}
    return {"field": "meaning", "type": "nominal", "scale": scale, "legend": None}


def _legend(symbol: str) -> Spec:
    return {
        "title": None,
        "orient": "top",
        "direction": "horizontal",
        "symbolType": symbol,
        "symbolStrokeWidth": 2.4 if symbol == "stroke" else 0,
        "symbolSize": 144,
        "symbolOpacity": 1,
        "columnPadding": 14,
        "offset": 6,
    }


def _one_of(name: str, values: dict[str, Any], symbol: str) -> Spec:
    scale = {"domain": list(values), "range": list(values.values())}
    return {"datum": name, "type": "nominal", "scale": scale, "legend": _legend(symbol)}


def _y(field: str) -> Spec:
    axis = {"title": None, "tickCount": 5, "domain": False, "ticks": False}
    return {
        "field": field,
        "type": "quantitative",
        "axis": axis,
        "scale": {"zero": True, "nice": True},
    }


def _line(field: str, name: str, colours: dict[str, str], width: float) -> Spec:
    encoding = {"y": _y(field), "stroke": _one_of(name, colours, "stroke")}
    return {"mark": {"type": "line", "strokeWidth": width}, "encoding": encoding}


def _net(name: str, colours: dict[str, str]) -> list[Spec]:
    """The net line: pale throughout, and in full strength between days that are final."""
    pale, final = _line("net", name, colours, 2.6), _line("final", name, colours, 2.6)
    pale["mark"] |= {"opacity": PALE}
    final["transform"] = [{"calculate": "datum.preliminary ? null : datum.net", "as": "final"}]
    final["mark"] |= {"invalid": "break-paths-show-path-domains"}
    return [pale, final]


def _dashed(field: str, name: str, colour: str, width: float) -> Spec:
    dash = _one_of(name, {name: [4, 3]}, "stroke")
    dash["legend"] |= {"symbolStrokeColor": colour}
    mark = {"type": "line", "strokeWidth": width, "color": colour}
    return {"mark": mark, "encoding": {"y": _y(field), "strokeDash": dash}}


def _area(top: str, bottom: str, name: str, washes: dict[str, str]) -> Spec:
    encoding = {"y": _y(top), "y2": {"field": bottom}, "fill": _one_of(name, washes, "square")}
    return {"mark": {"type": "area", "opacity": 1}, "encoding": encoding}


def _points(field: str, colour: str) -> Spec:
    """Days with no neighbour would not show as a line: short windows get points."""
    return {
        "transform": [
            {"joinaggregate": [{"op": "valid", "field": field, "as": "known"}]},
            {"filter": f"datum.known <= 8 && isValid(datum.{field})"},
        ],
        "mark": {"type": "point", "filled": True, "size": 42, "color": colour, "opacity": 1},
        "encoding": {
            "y": _y(field),
            "opacity": {"condition": {"test": "datum.preliminary", "value": PALE}, "value": 1},
        },
    }


def _hover(ink: Inks, named: dict[str, str], say: Say) -> Spec:
    tooltip = [{"field": "day_text", "type": "nominal", "title": say("day")}]
    tooltip += [
        {"field": f"{field}_text", "type": "nominal", "title": name}
        for field, name in named.items()
    ]
    tooltip.append({"field": "state_text", "type": "nominal", "title": say("state")})
    nearest = {"type": "point", "on": "pointerover", "nearest": True, "clear": "pointerout"}
    shown = {"condition": {"param": "hover", "empty": False, "value": 0.5}, "value": 0}
    return {
        "params": [{"name": "hover", "select": {**nearest, "encodings": ["x"]}}],
        "mark": {"type": "rule", "color": ink.muted},
        "encoding": {"opacity": shown, "tooltip": tooltip},
    }


def _config(ink: Inks) -> Spec:
    label = {"labelColor": ink.muted, "labelFontSize": 12, "titleColor": ink.muted}
    axis = {**label, "gridColor": ink.grid, "domainColor": ink.grid, "tickColor": ink.grid}
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": axis,
        "legend": {"labelColor": ink.muted, "labelFontSize": 12},
        "text": {"font": FONT},
    }
