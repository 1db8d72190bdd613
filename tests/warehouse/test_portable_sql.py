"""The lint of the portable subset: what the two engines compute differently is refused."""

import pytest
import sqlglot

from pipelines.warehouse.catalog.portable import problems

REFUSED = {
    "a bare AT TIME ZONE": "ts AT TIME ZONE 'Asia/Shanghai'",
    "a function that is not known": "hash(a)",
    "a list in an order of its own": "array_agg(v ORDER BY k)",
    "a list in no order": "list(v) FILTER (WHERE v IS NOT NULL)",
    "a list that may hold NULL": "list_sort(list(v))",
    "a slice of a list": "li[1:2]",
    "an index from a list's end": "li[-1]",
    "list_extract": "list_extract(li, 1)",
    "list_position": "list_position(li, 1)",
    "list_sum": "list_sum(li)",
    "list_reduce": "list_reduce(li, lambda a, b: a + b)",
    "list_distinct": "list_distinct(li)",
    "to_seconds": "ts + to_seconds(5)",
    "to_days": "d + to_days(5)",
    "date_add": "date_add(d, INTERVAL 1 DAY)",
    "date_sub": "date_sub('day', a, b)",
    "date_diff in hours": "date_diff('hour', a, b)",
    "date_diff in minutes": "datediff('minute', a, b)",
    "a fraction cut off or rounded": "cast(cast(a AS DOUBLE) / 2 AS BIGINT)",
    "a part of a decimal cut off or rounded": "cast(a * 0.5 AS BIGINT)",
    "the text of a mean": "cast(avg(a) AS VARCHAR)",
    "the text of a fraction": "concat('x', sqrt(a))",
    "the text of a decimal": "'x' || sum(a * 0.5)",
    "rounded digits of a decimal": "round(a * 0.5, 2)",
    "a day and an interval": "event_date + INTERVAL 7 DAY",
    "a day before by an interval": "local_date(ts) - INTERVAL 1 DAY",
    "a computed index": "li[n + 1]",
    "a list without repetitions, in any order": "list_distinct(li)",
    "texts joined in any order": "string_agg(a, ',')",
    "a series that counts down": "unnest(generate_series(3, 1, -1))",
    "a text from before its beginning": "substring(a, 0, 1)",
    "epoch_us": "epoch_us(ts)",
    "epoch_ms": "epoch_ms(ts)",
    "date_trunc of another type": "date_trunc('week', d)",
    "dayofweek": "dayofweek(d)",
    "isodow": "isodow(d)",
    "extract": "extract(dow FROM d)",
    "strftime": "strftime(ts, '%Y-%m-%dT')",
    "timezone()": "timezone('UTC', ts)",
    "a TIMESTAMPTZ": "TIMESTAMPTZ '2026-01-01 00:00:00+08'",
    "a DECIMAL": "cast(a AS DECIMAL(12, 2))",
    "a HUGEINT": "cast(a AS HUGEINT)",
    "a RANGE of intervals": (
        "sum(v) OVER (ORDER BY ts RANGE BETWEEN INTERVAL 6 HOUR PRECEDING AND CURRENT ROW)"
    ),
    "ties of arg_max": "arg_max(v, k)",
    "ties of arg_min": "arg_min(v, k)",
    "division by what may be zero": "cast(a AS DOUBLE) / b",
    "division by zero": "cast(a AS DOUBLE) / 0",
    "division of what may be a decimal": "a / 3.0",
    "log of one argument": "log(a)",
    "kurtosis": "kurtosis(a)",
    "percentile_cont": "percentile_cont(0.9) WITHIN GROUP (ORDER BY v)",
    "quantile_disc": "quantile_disc(v, 0.9)",
    "approx_count_distinct": "approx_count_distinct(v)",
    "approx_quantile": "approx_quantile(v, 0.5)",
    "regexp_replace of the first": "regexp_replace(v, 'a', 'b')",
    "regexp_full_match": "regexp_full_match(v, 'a')",
    "columns(*)": "COLUMNS(*)",
    "count_if, which may be NULL": "count_if(a > 1)",
    "histogram": "histogram(a)",
    "time_bucket": "time_bucket(INTERVAL 15 MINUTE, ts)",
    "first": "first(a ORDER BY b)",
    "any_value": "any_value(a)",
    "suffix": "suffix(a, 'b')",
    "strlen": "strlen(a)",
    "the clock": "now()",
    "chance": "random()",
    "a range without its end": "unnest(range(3))",
    "a cast around unnest": "cast(unnest(generate_series(1, 2)) AS BIGINT)",
}

REFUSED_QUERIES = {
    "ASOF JOIN": "SELECT a.x FROM s.t AS a ASOF JOIN s.u AS b ON a.k = b.k AND a.ts >= b.ts",
    "PIVOT": "SELECT * FROM s.t PIVOT (sum(b) FOR a IN ('x'))",
    "two lists side by side": "SELECT unnest(a) AS x, unnest(b) AS y FROM s.t",
    "UNION BY NAME": "SELECT a FROM s.t UNION BY NAME SELECT a FROM s.u",
    "AS MATERIALIZED": "WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT x FROM a",
    "a series in FROM": "SELECT g AS x FROM generate_series(1, 2) AS t(g)",
    "a range in FROM": "SELECT g AS x FROM range(2) AS t(g)",
}

PORTABLE = {
    "a list of sorted structs": (
        "list_transform(list_sort(list({'t': ts, 'v': v})), lambda x: x.v)"
    ),
    "a sorted list without NULLs": "list_sort(list(v) FILTER (WHERE v IS NOT NULL))",
    "the first of a list": "li[1]",
    "days between dates": "date_diff('day', a, b)",
    "seconds between instants": "cast(epoch(b) AS BIGINT) - cast(epoch(a) AS BIGINT)",
    "a week's first day": "cast(date_trunc('week', d) AS DATE)",
    "arg_max with a tie-breaker": "arg_max(v, (k, id))",
    "a ratio": "cast(a AS DOUBLE) / nullif(b, 0)",
    "an epoch with its fraction": "epoch(ts)",
    "rounded digits": "round(sum(a), 9)",
    "a rounded mean": "cast(round(avg(a)) AS BIGINT)",
    "a ratio of sums": "sum(cast(a AS DOUBLE)) / nullif(count(*), 0)",
    "a day moved": "event_date + 7",
    "an instant moved": "occurred_at - INTERVAL 4 HOUR",
    "a RANGE of days": (
        "sum(v) OVER (ORDER BY date_diff('day', DATE '1970-01-01', d) "
        "RANGE BETWEEN 6 PRECEDING AND CURRENT ROW)"
    ),
    "the vocabulary": "local_date(ts)",
    "a field of JSON": "data->>'$.brand_id'",
    "a filtered count": "count(*) FILTER (WHERE a > 1)",
    "a series of days": "unnest(generate_series(a, b, INTERVAL 1 DAY))",
    "sha256": "sha256(a)",
}


def problems_of(query: str) -> list[str]:
    return problems(sqlglot.parse_one(query, read="duckdb"))


@pytest.mark.parametrize("expression", REFUSED.values(), ids=REFUSED.keys())
def test_an_expression_that_differs_is_refused(expression: str) -> None:
    assert problems_of(f"SELECT {expression} AS x FROM s.t") != []


@pytest.mark.parametrize("query", REFUSED_QUERIES.values(), ids=REFUSED_QUERIES.keys())
def test_a_query_that_differs_is_refused(query: str) -> None:
    assert problems_of(query) != []


@pytest.mark.parametrize("expression", PORTABLE.values(), ids=PORTABLE.keys())
def test_an_expression_that_is_alike_passes(expression: str) -> None:
    assert problems_of(f"SELECT {expression} AS x FROM s.t") == []


def test_a_portable_query_passes_with_its_clauses() -> None:
    query = """
    WITH a AS (SELECT DISTINCT ON (k) k, v FROM s.t),
    b AS (SELECT k, count(*) AS n FROM s.u GROUP BY ALL)
    SELECT k, n FROM a SEMI JOIN b USING (k)
    QUALIFY row_number() OVER (PARTITION BY k ORDER BY n DESC) = 1
    """
    assert problems_of(query) == []


def test_a_refusal_says_what_to_write_instead() -> None:
    assert problems_of("SELECT date_diff('hour', a, b) AS x FROM s.t") == [
        "DATE_DIFF('HOUR', a, b): date_diff counts borders in DuckDB and whole units in Spark; "
        "subtract epochs"
    ]
