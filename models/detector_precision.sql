/*
grain: one row per detector, version and day on which people decided cases of it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: all
columns:
  detector: what opened the cases
  detector_version: version of that detector [number]
  event_date: reporting-local day of the decisions [day]
  confirmed: of its cases decided up to this day's end, those whose newest decision confirms them [count]
  dismissed: those whose newest decision dismisses them [count]
  precision: confirmed share [share]
  precision_lower: lower end of Wilson's 95 % interval around it (Wilson 1927) [share]
expect:
  - unique: [detector, detector_version, event_date]
  - not_null: [detector, detector_version, event_date, precision_lower]
  - no_rows: SELECT * FROM {batch} WHERE precision_lower > precision OR precision_lower < 0
notes: >
  What a detector may do without people rests on this: once enough of its cases are decided and the lower end is above
  the budget, its verdicts on later days are effective at once.
*/
WITH decided AS (
  SELECT DISTINCT case_id, event_date, verdict, decided_at, case_version
  FROM silver.moderation_verdicts
  WHERE event_date <= $to_date
),
days AS (
  SELECT DISTINCT c.detector, c.detector_version, d.event_date
  FROM decided AS d
  JOIN silver.moderation_cases AS c ON c.case_id = d.case_id AND c.event_date <= d.event_date
  WHERE d.event_date BETWEEN $from_date AND $to_date
),
standing AS (
  SELECT
    t.detector,
    t.detector_version,
    t.event_date,
    d.verdict,
    row_number() OVER (
      PARTITION BY t.detector, t.detector_version, t.event_date, d.case_id
      ORDER BY d.decided_at DESC, d.case_version DESC
    ) AS recency
  FROM days AS t
  JOIN silver.moderation_cases AS c ON c.detector = t.detector AND c.detector_version = t.detector_version
  JOIN decided AS d ON d.case_id = c.case_id AND d.event_date <= t.event_date
),
counted AS (
  SELECT
    detector,
    detector_version,
    event_date,
    count(*) FILTER (WHERE verdict = 'confirmed')   AS confirmed,
    count(*) FILTER (WHERE verdict = 'dismissed')   AS dismissed,
    cast(count(*) AS DOUBLE)                        AS n,
    avg(CASE WHEN verdict = 'confirmed' THEN 1.0e0 ELSE 0.0e0 END) AS p
  FROM standing
  WHERE recency = 1
  GROUP BY detector, detector_version, event_date
)
SELECT
  detector,
  detector_version,
  event_date,
  confirmed,
  dismissed,
  p AS precision,
  greatest(
    0.0e0,
    (2 * n * p + $wilson_z * $wilson_z - $wilson_z * sqrt($wilson_z * $wilson_z + 4 * n * p * (1 - p)))
      / nullif(2 * (n + $wilson_z * $wilson_z), 0)
  ) AS precision_lower
FROM counted
