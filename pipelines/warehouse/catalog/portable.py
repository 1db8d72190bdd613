"""The portable subset of DuckDB SQL: what both engines are known to compute alike.

sqlglot translates much more than it translates rightly, and does not notice. So only functions
and constructs that were run on both engines and compared are let through; everything else is
refused with what to write instead.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

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
    ARRAY_CONTAINS ARRAY_DISTINCT ARRAY_TO_STRING ASCII ATAN2 CEIL CHR CONCAT_WS CONTAINS COS
    EXP EXTRACT FIRST_VALUE GROUPING GROUP_CONCAT LAST_DAY LAST_VALUE LEFT LOG NTH_VALUE
    NTILE PAD PERCENT_RANK PI RADIANS REGEXP_LIKE REPLACE REVERSE RIGHT SIN ASIN SQRT STARTS_WITH
    STDDEV STDDEV_SAMP STR_POSITION VARIANCE VARIANCE_POP YEAR MONTH DAY
    """.split()
)

TYPES: Final = frozenset("VARCHAR TEXT BIGINT DOUBLE BOOLEAN DATE TIMESTAMP TIMESTAMPNTZ".split())


class Refusal(NamedTuple):
    """A construct that the engines do not compute alike, and what to write instead."""

    kind: type[exp.Expr]
    advice: str
    when: Callable[[Any], object] = lambda node: True


def _is_cast(node: exp.Expr | None, *types: str) -> bool:
    return isinstance(node, exp.Cast) and (not types or str(node.to.this.name) in types)


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


_LETTERS: Final = "the engines write fractions in other letters; round() to a BIGINT first"
_NO_VALUES: Final = frozenset({"partition_by", "order", "spec", "over"})
_FRACTIONS: Final = (
    *(exp.Div, exp.Avg, exp.Median, exp.Ln, exp.Log, exp.Exp, exp.Sqrt, exp.Sin, exp.Cos),
    *(exp.Asin, exp.Atan2, exp.Radians, exp.Pi, exp.CumeDist, exp.PercentRank, exp.TimeToUnix),
    *(exp.Stddev, exp.StddevSamp, exp.Variance, exp.VariancePop),
)
_PASSING_ON: Final = (
    *(exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Paren, exp.Abs, exp.Sum, exp.Min, exp.Max),
    *(exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Case, exp.If, exp.Filter, exp.Window),
)


def _is_fraction(node: object, *, double: bool = False) -> bool:
    """Whether an expression surely is a number with a fraction, and not a decimal if so asked."""
    if isinstance(node, exp.Cast):
        return _is_cast(node, "DOUBLE")
    if isinstance(node, exp.Literal):
        return not double and not node.is_string and "." in node.name
    if isinstance(node, _PASSING_ON):
        values = (value for key, value in node.args.items() if key not in _NO_VALUES)
        flat = (v for value in values for v in (value if isinstance(value, list) else [value]))
        return any(_is_fraction(value, double=double) for value in flat)
    return isinstance(node, _FRACTIONS)


def _is_decimal(node: exp.Expr) -> bool:
    return _is_fraction(node) and not _is_fraction(node, double=True)


def _is_day(node: exp.Expr) -> bool:
    """Whether an expression surely is a DATE, by its making or by its name."""
    return (
        _is_cast(node, "DATE")
        or (isinstance(node, exp.Anonymous) and node.name.lower() == "local_date")
        or (isinstance(node, exp.Parameter) and node.name.endswith("_date"))
        or (isinstance(node, exp.Column) and node.name.endswith(("_date", "_on")))
    )


def _moves_a_day(node: exp.Expr) -> bool:
    within_cast = _is_cast(node.parent, "DATE", "TIMESTAMP", "TIMESTAMPNTZ")
    return not within_cast and bool(node.expression.find(exp.Interval)) and _is_day(node.this)


REFUSALS: Final = (
    Refusal(exp.AtTimeZone, "a bare AT TIME ZONE means the opposite in Spark; use local_date(ts)"),
    Refusal(exp.Pivot, "PIVOT differs; use count(*) FILTER (WHERE ...)"),
    Refusal(exp.Slice, "Spark has no slices of lists; use list_filter"),
    Refusal(
        exp.Bracket,
        "an index is a number from 1 or a column: Spark counts neither from a list's end nor alike",
        lambda n: not isinstance(n.expressions[0], (exp.Literal, exp.Column)),
    ),
    Refusal(
        exp.ArrayAgg,
        "Spark drops the ORDER BY of a list; sort structs with list_sort(list(...))",
        lambda n: isinstance(n.this, exp.Order) or not _is_sorted(n),
    ),
    Refusal(
        exp.ArrayDistinct,
        "lists without repetitions come in another order; use list_sort(list_distinct(...))",
        lambda n: (
            not isinstance(n.parent, exp.ArraySort) or not isinstance(n.this, exp.ArrayFilter)
        ),
    ),
    Refusal(
        exp.Round,
        "DuckDB rounds a decimal's digits exactly, a DOUBLE's not; cast to DOUBLE first",
        lambda n: "decimals" in n.args and _is_decimal(n.this),
    ),
    Refusal(
        exp.Log,
        "log(x) is of base 10 in DuckDB and e in Spark; use ln(x) or log(10, x)",
        lambda n: n.expression is None,
    ),
    Refusal(
        exp.Extract,
        "days of the week and weeks are numbered otherwise; use date_diff('day', monday, d) % 7",
        lambda n: n.name.upper() not in ("YEAR", "MONTH", "DAY"),
    ),
    Refusal(
        exp.Substring,
        "a text begins at 1",
        lambda n: n.text("start") == "0",
    ),
    Refusal(
        exp.GroupConcat,
        "string_agg() has an order only with ORDER BY",
        lambda n: not n.find(exp.Order),
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
        lambda n: not _is_fraction(n.this, double=True),
    ),
    Refusal(
        exp.Cast,
        "DuckDB rounds a fraction, Spark cuts it off; use cast(round(x) AS BIGINT) or floor(x)",
        lambda n: (
            _is_cast(n, "BIGINT")
            and not isinstance(n.this, exp.TimeToUnix)
            and _is_fraction(n.this)
        ),
    ),
    Refusal(
        exp.Cast,
        _LETTERS,
        lambda n: _is_cast(n, "TEXT", "VARCHAR") and _is_fraction(n.this),
    ),
    Refusal(exp.DPipe, _LETTERS, lambda n: any(_is_fraction(part) for part in n.flatten())),
    Refusal(exp.Concat, _LETTERS, lambda n: any(_is_fraction(part) for part in n.expressions)),
    *(
        Refusal(
            kind,
            "a DATE and an INTERVAL make a TIMESTAMP in DuckDB only; use d + 7, or cast to DATE",
            _moves_a_day,
        )
        for kind in (exp.Add, exp.Sub)
    ),
    Refusal(
        exp.DateDiff,
        "date_diff counts borders in DuckDB and whole units in Spark; subtract epochs",
        lambda n: n.text("unit").upper() not in ("", "DAY"),
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
        exp.GenerateSeries,
        "the engines do not count down alike; count up",
        lambda n: isinstance(n.args.get("step"), exp.Neg),
    ),
    Refusal(
        exp.Select,
        "DuckDB unnests two lists side by side, Spark does not; unnest one",
        lambda n: len([e for e in n.expressions if isinstance(e.unalias(), exp.Explode)]) > 1,
    ),
    Refusal(
        exp.Explode,
        "Spark has no cast around unnest; cast outside the subquery",
        lambda n: _is_cast(n.parent),
    ),
)


def problems(tree: exp.Expr) -> list[str]:
    """Why the query is not portable; empty if it is."""
    nodes = list(tree.walk())
    return [*_constructs(nodes), *_functions(nodes)]


def _constructs(nodes: list[exp.Expr]) -> Iterator[str]:
    kinds = tuple({refusal.kind for refusal in REFUSALS})
    for node in nodes:
        if not isinstance(node, kinds):
            continue
        for kind, advice, is_refused in REFUSALS:
            if isinstance(node, kind) and is_refused(node):
                yield f"{node.sql('duckdb')}: {advice}"


def _functions(nodes: list[exp.Expr]) -> Iterator[str]:
    for function in nodes:
        if not isinstance(function, exp.Func):
            continue
        anonymous = isinstance(function, exp.Anonymous)
        name = function.name.lower() if anonymous else function.sql_name()
        if anonymous and name in VOCABULARY:
            continue
        if name.upper() not in FUNCTIONS:
            yield f"{name}() is not known to mean the same on both engines"
