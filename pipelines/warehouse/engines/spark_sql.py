"""A model's query in Spark's SQL: sqlglot's words, and ours where its do not mean the same."""

from collections.abc import Callable
from typing import Final

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
        elif isinstance(node, exp.GenerateSeries):
            node.replace(_empty_if_it_ends_before_it_begins(node))
        elif isinstance(node, exp.Bracket) and not node.expressions[0].is_string:
            node.replace(_element(node))
        elif isinstance(node, exp.Table) and node.db:
            _read_view(node)
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


def _empty_if_it_ends_before_it_begins(series: exp.GenerateSeries) -> exp.Expr:
    """Spark would count downwards, or refuse."""
    start, end = series.args["start"], series.args["end"]
    bounds = [start, end, series.args.get("step") or exp.Literal.number(1)]
    counted = exp.Anonymous(this="SEQUENCE", expressions=bounds)
    return exp.If(this=exp.LTE(this=start.copy(), expression=end.copy()), true=counted)


def _element(bracket: exp.Bracket) -> exp.Expr:
    """The element or NULL, counted from 1: sqlglot has counted a literal index from 0."""
    (index,) = bracket.expressions
    if isinstance(index, exp.Literal):
        index = exp.Literal.number(int(index.name) + 1)
    return exp.Anonymous(this="TRY_ELEMENT_AT", expressions=[bracket.this, exp.cast(index, "INT")])


def _read_view(table: exp.Table) -> None:
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
    table.set("this", exp.to_identifier(view_of(f"{table.db}.{table.name}")))
    table.set("db", None)
