"""What the lint lets through means the same on both engines: run on ties, gaps and fractions."""

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlglot

from pipelines.warehouse.catalog.portable import problems
from pipelines.warehouse.engines.connection import connect
from pipelines.warehouse.engines.spark_sql import to_spark, view_of
from platform_core.settings import Settings
from tests.spark.same_rows import RELATIVE
from tests.warehouse.acts import ZONE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

Both = Callable[[str], tuple[list[Any], list[Any]]]

ROWS = """
SELECT cast(k AS VARCHAR) AS k, cast(v AS BIGINT) AS v, cast(w AS BIGINT) AS w,
  cast(x AS DOUBLE) AS x, cast(d AS DATE) AS d, cast(ts AS TIMESTAMP) AS ts,
  cast(li AS VARCHAR[]) AS li, cast(j AS VARCHAR) AS j, cast(f AS BOOLEAN) AS f
FROM (VALUES
  ('b', 3, 2, 2.675, '2026-03-31', '2026-03-31 16:00:00.25', ['x', NULL, 'y', 'x'],
    '{"l": ["p", "q"], "o": [{"k": 1}, {"k": "ü"}], "n": null, "t": true}', true),
  ('a', 1, 7, 0.5, '2026-02-28', '2026-02-28 15:59:59.999999', [], '{"l": [], "o": []}', false),
  ('a', 1, 7, 1.5, '2026-02-28', '2026-02-28 15:59:59.999999', NULL, '{}', NULL),
  (NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL),
  ('c', -4, -3, -2.5, '2024-12-30', '2024-12-30 00:00:00', ['z'],
    '{"l": ["a,b", "c\\"d"], "n": 12345678901234}', true),
  ('草', 9, 2, 12.5, '2026-01-01', '2025-12-31 23:30:00', ['草'], '{"l": ["草"]}', false),
  ('', 1, 4, 3.0, '2026-01-04', '2026-01-04 01:00:00', [''], '{"l": [""]}', true)
) AS r(k, v, w, x, d, ts, li, j, f)
"""

EXPRESSIONS = """
local_date(ts)
json_strings(j, '$.l')
list_transform(json_objects(j, '$.o'), lambda e: e->>'$.k')
j->>'$.n'
concat(k, ':', v, d, f)
k || ':' || k
regexp_matches(k, '\\w')
list_contains(li, k)
list_contains(li, 'x')
array_to_string(li, ',')
list_sort(list_distinct(list_filter(li, lambda e: e IS NOT NULL)))
li[1]
li[9]
li[v]
array_length(li)
unnest(li)
unnest(generate_series(1, v))
cast(epoch(ts) AS BIGINT)
cast(floor(epoch(ts)) AS BIGINT)
epoch(ts)
ts - INTERVAL 4 HOUR
ts - v * INTERVAL 1 SECOND
d + 7
cast(d + INTERVAL 1 MONTH AS DATE)
cast(date_trunc('week', d) AS DATE)
cast(date_trunc('hour', ts) AS TIMESTAMP)
date_diff('day', DATE '1970-01-05', d) % 7
extract(month FROM d)
last_day(d)
cast(round(x) AS BIGINT)
cast(floor(x) AS BIGINT)
cast(ceil(cast(w AS DOUBLE) / 2) AS BIGINT)
round(x, 2)
round(cast(w AS DOUBLE) * 1.115, 2)
cast(v AS DOUBLE) / nullif(w, 0)
v // 2
v % w
greatest(v, w)
least(v, 2)
ln(w + 4)
log(10, w + 4)
exp(x)
sin(x) * cos(radians(w))
atan2(v, w)
md5(k)
sha256(k)
cast(ts AS VARCHAR)
try_cast(k AS BIGINT)
lag(v, 2, 0) OVER (ORDER BY x, k)
last_value(k IGNORE NULLS) OVER (ORDER BY x)
ntile(3) OVER (ORDER BY x, k)
percent_rank() OVER (ORDER BY v)
cume_dist() OVER (ORDER BY v)
avg(v) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
""".strip().splitlines()

QUERIES = """
SELECT k, v FROM s.t WHERE t.v > 0

SELECT f, list_sort(list(k) FILTER (WHERE k = 'nobody')) AS r FROM s.t GROUP BY f

SELECT f, list_sort(list(DISTINCT k) FILTER (WHERE k IS NOT NULL)) AS r FROM s.t GROUP BY f

SELECT f, list_transform(list_sort(list({'x': x, 'k': k})
  FILTER (WHERE x IS NOT NULL)), lambda e: e.k) AS r FROM s.t GROUP BY f

SELECT f, string_agg(k, '|' ORDER BY v DESC, x) AS r FROM s.t GROUP BY f

SELECT f, arg_max(k, (x, v)) AS a, arg_min(k, (x, v)) AS b
  FROM s.t WHERE x IS NOT NULL GROUP BY f

SELECT median(w) AS a, median(x) AS b, avg(v) AS c, avg(v * 0.1) AS e FROM s.t

SELECT f, stddev_samp(v) AS a, var_samp(v) AS b, var_pop(v) AS c FROM s.t GROUP BY f

SELECT f, k, grouping(f) AS g, count(*) AS n FROM s.t GROUP BY ROLLUP (f, k)

SELECT k, count(*) FILTER (WHERE f) AS n, bool_or(f) AS b FROM s.t GROUP BY ALL

SELECT DISTINCT ON (k) k, v, x FROM s.t ORDER BY k, x

SELECT k, v FROM s.t QUALIFY row_number() OVER (PARTITION BY k ORDER BY x) = 1

SELECT a.k FROM s.t AS a WHERE NOT EXISTS (SELECT 1 FROM s.t AS b WHERE b.v = a.w)

SELECT a.k, (SELECT max(b.v) FROM s.t AS b WHERE b.k = a.k) AS m FROM s.t AS a

SELECT a.k FROM s.t AS a ANTI JOIN s.t AS c ON c.v = a.w

SELECT k, a.v AS l, b.w AS r FROM s.t AS a FULL JOIN s.t AS b USING (k)

SELECT t.k, u.e AS e FROM s.t AS t CROSS JOIN unnest(t.li) AS u(e)

SELECT cast(g AS DATE) AS r
  FROM (SELECT unnest(generate_series(d, DATE '2026-02-28', INTERVAL 1 DAY)) AS g FROM s.t) AS q

WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n FROM c

SELECT f, min(CASE WHEN c >= 0.9 THEN v END) AS p90
  FROM (SELECT f, v, cume_dist() OVER (PARTITION BY f ORDER BY v) AS c FROM s.t) AS q GROUP BY f

SELECT k, sum(v) OVER (ORDER BY date_diff('day', DATE '1970-01-01', d)
  RANGE BETWEEN 6 PRECEDING AND CURRENT ROW) AS r FROM s.t
""".strip().split("\n\n")


@pytest.fixture(scope="module")
def both(spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Runs a query on both engines over the same rows."""
    folder = tmp_path_factory.mktemp("words")
    with closing(connect(Settings(home=folder, _env_file=None), ZONE)) as duck:
        duck.execute("CREATE SCHEMA s")
        duck.execute(f"CREATE TABLE s.t AS {ROWS}")
        duck.execute(f"COPY s.t TO '{folder}/t.parquet' (FORMAT parquet)")
        spark.read.parquet(f"file://{folder}/t.parquet").createOrReplaceTempView(view_of("s.t"))

        def run(query: str) -> tuple[list[Any], list[Any]]:
            ours = duck.sql(query).fetchall()
            theirs = spark.sql(to_spark(query, ZONE)).collect()
            return _sorted(ours), _sorted(theirs)

        yield run


@pytest.mark.parametrize("query", [f"SELECT k, {e} AS r FROM s.t" for e in EXPRESSIONS] + QUERIES)
def test_both_engines_mean_the_same(both: Both, query: str) -> None:
    assert problems(sqlglot.parse_one(query, read="duckdb")) == []
    ours, theirs = both(query)
    assert len(ours) == len(theirs)
    assert [pair for pair in zip(ours, theirs, strict=True) if not _same(*pair)] == []


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted((_plain(row) for row in rows), key=repr)


def _plain(value: Any) -> Any:
    """A row of Spark's, a list and a struct of either as tuples."""
    if isinstance(value, dict):
        return tuple(map(_plain, value.values()))
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else value


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, float):
        return math.isclose(left, right, rel_tol=RELATIVE) if right is not None else False
    return bool(left == right)
