"""The portable subset of DuckDB SQL: what both engines are known to compute alike.

sqlglot translates much more than it translates rightly, and does not notice. So only functions
and constructs that were run on both engines and compared are let through; everything else is
refused with what to write instead.
"""

from collections.abc import Iterator
from typing import Final

import sqlglot
from sqlglot import exp

VOCABULARY: Final = frozenset({"local_date", "json_strings", "json_objects"})
"""Functions of our own that every engine defines."""

FUNCTIONS: Final = frozenset(
    """
    ABS AND ARG_MAX ARG_MIN AVG CASE CAST COALESCE CONCAT COUNT CUME_DIST DATE_DIFF DATEDIFF
    DATE_TRUNC EPOCH EXISTS EXPLODE FLOOR GENERATE_SERIES GREATEST IF JSON_EXTRACT_SCALAR LAG LEAD
    LEAST LENGTH LIST_FILTER LIST_SORT LIST_TRANSFORM LOWER LN MAX MD5 MEDIAN MIN MOD NULLIF OR
    POWER RANK DENSE_RANK ROUND ROW_NUMBER SHA256 SHA2 SPLIT STRING_SPLIT STRUCT SUBSTRING SUM
    TIMESTAMP_TRUNC TRIM TRY_CAST UNNEST UPPER ARRAY ARRAY_SIZE LOGICAL_OR LOGICAL_AND
    """.split()
)

INSTEAD: Final = {
    exp.AtTimeZone: "a bare AT TIME ZONE means the opposite in Spark; use local_date(ts)",
    exp.Pivot: "PIVOT differs; use count(*) FILTER (WHERE ...)",
    exp.ArrayAgg: "Spark drops the ORDER BY of a list; sort structs with list_sort(list(...))",
    exp.Interval: None,
}


def problems(sql: str) -> list[str]:
    """Why the query is not portable; empty if it is."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    return [
        *_constructs(tree),
        *_functions(tree),
        *_divisions(tree),
        *_differences(tree),
    ]


def _constructs(tree: exp.Expr) -> Iterator[str]:
    for kind, advice in INSTEAD.items():
        if advice and tree.find(kind):
            yield advice
    for join in tree.find_all(exp.Join):
        if "ASOF" in (join.text("method") or "").upper():
            yield "Spark has no ASOF JOIN; join and keep the best by row_number()"
    for union in tree.find_all(exp.SetOperation):
        if union.args.get("by_name"):
            yield "Spark has no UNION BY NAME; name the columns"
    for cte in tree.find_all(exp.CTE):
        if cte.args.get("materialized") is not None:
            yield f"Spark has no AS MATERIALIZED (CTE {cte.alias})"


def _functions(tree: exp.Expr) -> Iterator[str]:
    for function in tree.find_all(exp.Func):
        anonymous = isinstance(function, exp.Anonymous)
        name = function.name.lower() if anonymous else function.sql_name()
        if anonymous and name in VOCABULARY:
            continue
        if name.upper() not in FUNCTIONS:
            yield f"{name}() is not known to mean the same on both engines"


def _divisions(tree: exp.Expr) -> Iterator[str]:
    for division in tree.find_all(exp.Div):
        if not isinstance(division.expression.unnest(), exp.Nullif | exp.Literal):
            yield f"{division.sql('duckdb')}: DuckDB gives inf, Spark an error; use nullif(d, 0)"


def _differences(tree: exp.Expr) -> Iterator[str]:
    for difference in tree.find_all(exp.DateDiff):
        unit = difference.args.get("unit")
        if unit is not None and unit.name.upper() != "DAY":
            yield "date_diff counts borders in DuckDB and whole units in Spark; subtract epochs"
