"""A model's query in Spark's SQL: sqlglot's words, and ours where its do not mean the same."""

from collections.abc import Callable
from typing import Any, Final

import sqlglot
from sqlglot import exp


def view_of(table: str) -> str:
    """The temporary view that stands for ``layer.table``: Spark's have no schema."""
    return table.replace(".", "__")


def spark_type(kind: str) -> str:
    """Spark's name of the type that a column declares."""
    return exp.DataType.build(kind, dialect="duckdb").sql("spark")


def to_spark(query: str, timezone: str) -> str:
    """The portable DuckDB query in Spark's words, reading views."""
    tree = sqlglot.parse_one(query, read="duckdb")
    for node in reversed(list(tree.bfs())):  # what stands within a node comes before it
        if isinstance(node, exp.Anonymous) and node.name.lower() in _VOCABULARY:
            node.replace(_VOCABULARY[node.name.lower()](*node.expressions, timezone))
        elif rewrite := _REWRITES.get(type(node)):
            rewrite(node)
    return tree.sql("spark")


def _local_date(instant: exp.Expr, timezone: str) -> exp.Expr:
    zones = (exp.Literal.string("UTC"), exp.Literal.string(timezone))
    return exp.cast(exp.Anonymous(this="CONVERT_TIMEZONE", expressions=[*zones, instant]), "DATE")


def _json_list(json: exp.Expr, path: exp.Expr, timezone: str) -> exp.Expr:
    found = exp.Anonymous(this="GET_JSON_OBJECT", expressions=[json, path])
    kind = exp.Literal.string("ARRAY<STRING>")
    return exp.Anonymous(this="FROM_JSON", expressions=[found, kind])


_VOCABULARY: Final[dict[str, Callable[..., exp.Expr]]] = {
    "local_date": _local_date,
    "json_strings": _json_list,
    "json_objects": _json_list,
}


def _count_up(series: exp.GenerateSeries) -> None:
    """Spark would count downwards, or fail, where the series ends before it begins."""
    start, end = series.args["start"], series.args["end"]
    counts = exp.LTE(this=start.copy(), expression=end.copy())
    bounds = [start, end, series.args.get("step") or exp.Literal.number(1)]
    counted = exp.Anonymous(this="SEQUENCE", expressions=bounds)
    series.replace(exp.If(this=counts, true=counted, false=exp.null()))


def _pick(bracket: exp.Bracket) -> None:
    """The element or NULL, counted from 1: sqlglot has moved a literal index, and no other."""
    (index,) = bracket.expressions
    if index.is_string:
        return
    if isinstance(index, exp.Literal):
        index = exp.Literal.number(int(index.name) + 1)
    picked = [bracket.this, exp.cast(index, "INT")]
    bracket.replace(exp.Anonymous(this="TRY_ELEMENT_AT", expressions=picked))


def _read_view(table: exp.Table) -> None:
    if not table.db:
        return
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
    table.set("this", exp.to_identifier(view_of(f"{table.db}.{table.name}")))
    table.set("db", None)


def _join_texts(concat: exp.Concat) -> None:
    """sqlglot puts '' for NULL, which is no number; and numbers are joined as text."""
    texts = [e if e.is_string else exp.cast(e, "TEXT") for e in concat.expressions]
    concat.set("expressions", texts)


def _null_if_empty(list_: exp.ArrayAgg) -> None:
    """A list of nothing is NULL in DuckDB and empty in Spark."""
    parent = list_.parent
    whole = parent if isinstance(parent, exp.Filter) else list_
    whole.replace(exp.Nullif(this=whole.copy(), expression=exp.Array()))


def _has(contains: exp.ArrayContains) -> None:
    """Spark does not know, rather than say no, when a list holds NULL."""
    known = exp.and_(*(_is_there(part) for part in (contains.this, contains.expression)))
    sure = exp.Coalesce(this=contains.copy(), expressions=[exp.false()])
    contains.replace(exp.If(this=known, true=sure, false=exp.null()))


def _is_there(node: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=node.copy(), expression=exp.null()))


def _as_double(mean: exp.Avg | exp.Median) -> None:
    """Decimals would have a mean of their own."""
    mean.set("this", exp.cast(mean.this, "DOUBLE"))


def _round_digits(rounded: exp.Round) -> None:
    """Digits behind the point of the binary number, as DuckDB rounds them."""
    if digits := rounded.args.get("decimals"):
        power = exp.cast(exp.Literal.number(10 ** int(digits.name)), "DOUBLE")
        moved = exp.Round(this=exp.Mul(this=exp.paren(rounded.this), expression=power))
        rounded.replace(exp.paren(exp.Div(this=moved, expression=power.copy())))


def _seconds(epoch: exp.TimeToUnix) -> None:
    """Seconds with their fraction, and rounded where they become whole, as DuckDB does."""
    instant = exp.Anonymous(this="UNIX_MICROS", expressions=[_instant(epoch.this)])
    million = exp.cast(exp.Literal.number(1_000_000), "DOUBLE")
    seconds: exp.Expr = exp.Div(this=instant, expression=million)
    if isinstance(epoch.parent, exp.Cast):
        seconds = exp.Anonymous(this="RINT", expressions=[seconds])
    epoch.replace(seconds)


def _instant(timestamp: exp.Expr) -> exp.Expr:
    return exp.cast(timestamp, "TIMESTAMPLTZ")


_REWRITES: Final[dict[type[exp.Expr], Callable[[Any], None]]] = {
    exp.ArrayAgg: _null_if_empty,
    exp.ArrayContains: _has,
    exp.Avg: _as_double,
    exp.Bracket: _pick,
    exp.Concat: _join_texts,
    exp.GenerateSeries: _count_up,
    exp.Median: _as_double,
    exp.Round: _round_digits,
    exp.Table: _read_view,
    exp.TimeToUnix: _seconds,
}
