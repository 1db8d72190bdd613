"""What people decided, beside what was known of the subject: rows to learn from.

A decision is a label once it has stood for some days without another one; a subject's newest
decision counts. Nothing but decisions is a label.
"""

from datetime import date, timedelta

import duckdb
import polars as pl

from models.cases import RANDOM
from models.learning import Learner

DECIDED = """
WITH decided AS (
  SELECT
    v.subject_id,
    {day} AS day,
    v.verdict = 'confirmed' AS label,
    v.case_id,
    v.reviewer_id,
    CASE WHEN c.detector = '{random}' THEN 'random' ELSE 'detector' END AS selected_by,
    row_number() OVER (
      PARTITION BY v.subject_id, {day} ORDER BY v.decided_at DESC, v.case_version DESC
    ) AS recency,
    max(v.event_date) OVER (PARTITION BY v.subject_id, {day}) AS last_decided
  FROM silver.moderation_verdicts AS v
  JOIN silver.moderation_cases AS c ON c.case_id = v.case_id
  WHERE v.subject_type = '{subject}'
)
SELECT
  d.label, d.case_id, d.reviewer_id, d.selected_by, k.{key} AS subject_id, k.event_date,
  coalesce(s.probability, 0) AS known_probability, {columns}
FROM decided AS d
JOIN {conduct} AS k ON k.{key} = d.subject_id{same_day}
LEFT JOIN (
  SELECT {key}, event_date, max(probability) AS probability
  FROM risk.{name}_scores GROUP BY {key}, event_date
) AS s ON s.{key} = k.{key} AND s.event_date = k.event_date
WHERE d.recency = 1 AND d.last_decided <= DATE '{matured}'
ORDER BY k.event_date, k.{key}
"""


def labelled(
    connection: duckdb.DuckDBPyConnection,
    learner: Learner,
    columns: list[str],
    *,
    as_of: date,
    maturity_days: int,
) -> pl.DataFrame:
    """A row a decided subject: label, who chose and who decided it, and the conduct's columns.

    ``known_probability`` is what the scorecard says, 0 where it says nothing.
    """
    of_people = learner.subject == "user"
    query = DECIDED.format(
        day="CAST(v.subject_dates[1] AS DATE)" if of_people else "DATE '1970-01-01'",
        same_day=" AND k.event_date = d.day" if of_people else "",
        random=RANDOM,
        subject=learner.subject,
        key=learner.key,
        conduct=learner.conduct,
        name=learner.name,
        columns=", ".join(f"k.{name}" for name in columns),
        matured=as_of - timedelta(days=maturity_days),
    )
    frame: pl.DataFrame = connection.sql(query).pl()
    return frame
