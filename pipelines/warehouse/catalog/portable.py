"""The portable subset of DuckDB SQL: what both engines are known to compute alike.

sqlglot translates much more than it translates rightly, and does not notice. So only functions
and constructs that were run on both engines and compared are let through; everything else is
refused with what to write instead.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import sqlglot
from sqlglot import exp

VOCABULARY: Final = frozenset({"local_date", "json_strings", "json_objects"})
"""Functions of our own that every engine defines."""

FUNCTIONS: Final = frozenset(
    """
    ABS AND ARG_MAX ARG_MIN AVG CASE CAST COALESCE CONCAT COUNT CUME_DIST DATE_DIFF DATEDIFF
    DATE_TRUNC EXISTS EXPLODE FLOOR GENERATE_SERIES GREATEST IF JSON_EXTRACT_SCALAR LAG LEAD
    LEAST LENGTH LIST_FILTER LIST_SORT LIST_TRANSFORM LOWER LN MAX MD5 MEDIAN MIN MOD NULLIF OR
    POWER RANK DENSE_RANK ROUND ROW_NUMBER SHA256 SHA2 SPLIT STRING_SPLIT STRUCT SUBSTRING SUM
    TIMESTAMP_TRUNC TIME_TO_UNIX TRANSFORM TRIM TRY_CAST UNNEST UPPER ARRAY ARRAY_AGG ARRAY_SIZE
    ARRAY_SORT FILTER LOGICAL_OR LOGICAL_AND
    """.split()
)

TYPES: Final = frozenset("VARCHAR TEXT BIGINT DOUBLE BOOLEAN DATE TIMESTAMP TIMESTAMPNTZ".split())


class Refusal(NamedTuple):
    """A construct that the engines do not compute alike, and what to write instead."""

    kind: type[exp.Expr]
    advice: str
    when: Callable[[Any], object] = lambda node: True


def _is_cast(node: exp.Expr | None, *types: str) -> bool:
    return isinstance(node, exp.Cast) and (not types or node.to.this.name in types)


def _is_sorted(list_: exp.ArrayAgg) -> bool:
    parent = list_.parent
    return isinstance(parent.parent if isinstance(parent, exp.Filter) else parent, exp.ArraySort)


def _may_hold_null(list_: exp.ArrayAgg) -> bool:
    return not isinstance(list_.parent, exp.Filter) and not isinstance(list_.this, exp.Struct)


def _may_be_zero(division: exp.Div) -> bool:
    divisor = division.expression.unnest()
    return not isinstance(divisor, exp.Nullif) and not (
        isinstance(divisor, exp.Literal) and float(divisor.name)
    )


REFUSALS: Final = (
    Refusal(exp.AtTimeZone, "a bare AT TIME ZONE means the opposite in Spark; use local_date(ts)"),
    Refusal(exp.Pivot, "PIVOT differs; use count(*) FILTER (WHERE ...)"),
    Refusal(exp.Slice, "Spark has no slices of lists; use list_filter"),
    Refusal(
        exp.Bracket,
        "Spark has no index from a list's end",
        lambda n: any(isinstance(index, exp.Neg) for index in n.expressions),
    ),
    Refusal(
        exp.ArrayAgg,
        "Spark drops the ORDER BY of a list; sort structs with list_sort(list(...))",
        lambda n: isinstance(n.this, exp.Order) or not _is_sorted(n),
    ),
    Refusal(
        exp.ArrayAgg,
        "Spark drops NULLs of a list; add FILTER (WHERE ... IS NOT NULL)",
        _may_hold_null,
    ),
    Refusal(
        exp.Join,
        "Spark has no ASOF JOIN; join and keep the best by row_number()",
        lambda n: "ASOF" in n.text("method").upper(),
    ),
    Refusal(
        exp.SetOperation,
        "Spark has no UNION BY NAME; name the columns",
        lambda n: n.args.get("by_name"),
    ),
    Refusal(
        exp.CTE,
        "Spark has no AS MATERIALIZED",
        lambda n: n.args.get("materialized") is not None,
    ),
    Refusal(
        exp.DataType,
        "the engines differ in this type; use one that a column may have",
        lambda n: n.this.name not in TYPES,
    ),
    Refusal(exp.Div, "DuckDB gives inf, Spark an error; use nullif(d, 0)", _may_be_zero),
    Refusal(
        exp.Div,
        "decimals divide to DOUBLE in DuckDB and to DECIMAL in Spark; use cast(n AS DOUBLE) / d",
        lambda n: not _is_cast(n.this.unnest(), "DOUBLE"),
    ),
    Refusal(
        exp.DateDiff,
        "date_diff counts borders in DuckDB and whole units in Spark; subtract epochs",
        lambda n: n.text("unit").upper() not in ("", "DAY"),
    ),
    Refusal(
        exp.TimeToUnix,
        "epoch() has fractions in DuckDB only; use cast(epoch(ts) AS BIGINT)",
        lambda n: not _is_cast(n.parent, "BIGINT"),
    ),
    Refusal(
        exp.TimestampTrunc,
        "date_trunc() gives another type in Spark; cast it to DATE or TIMESTAMP",
        lambda n: not _is_cast(n.parent, "DATE", "TIMESTAMP", "TIMESTAMPNTZ"),
    ),
    *(
        Refusal(
            kind,
            "ties differ; use arg_max(value, (key, id))",
            lambda n: not isinstance(n.expression, exp.Tuple),
        )
        for kind in (exp.ArgMax, exp.ArgMin)
    ),
    Refusal(
        exp.WindowSpec,
        "Spark wants one unit in a RANGE; order by whole seconds or days and use integers",
        lambda n: n.find(exp.Interval),
    ),
    Refusal(
        exp.GenerateSeries,
        "Spark wants a series as SELECT unnest(generate_series(...)) of a subquery of its own",
        lambda n: n.args.get("is_end_exclusive") or isinstance(n.parent, exp.Table),
    ),
    Refusal(
        exp.Explode,
        "Spark has no cast around unnest; cast outside the subquery",
        lambda n: _is_cast(n.parent),
    ),
)


def problems(sql: str) -> list[str]:
    """Why the query is not portable; empty if it is."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    return [*_constructs(tree), *_functions(tree)]


def _constructs(tree: exp.Expr) -> Iterator[str]:
    for kind, advice, is_refused in REFUSALS:
        for node in tree.find_all(kind):
            if is_refused(node):
                yield f"{node.sql('duckdb')}: {advice}"


def _functions(tree: exp.Expr) -> Iterator[str]:
    for function in tree.find_all(exp.Func):
        anonymous = isinstance(function, exp.Anonymous)
        name = function.name.lower() if anonymous else function.sql_name()
        if anonymous and name in VOCABULARY:
            continue
        if name.upper() not in FUNCTIONS:
            yield f"{name}() is not known to mean the same on both engines"
