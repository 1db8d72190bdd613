/*
grain: one row per detector, version and day on which that detector's verdicts stand without a person
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: all
columns:
  detector: the detector
  detector_version: its version [number]
  event_date: reporting-local day of the subjects that it may judge [day]
  measured_on: the last earlier day on which people decided cases of it [day]
  cases: its cases decided by then [count]
  precision_lower: lower end of the interval around its precision by then [share]
expect:
  - unique: [detector, detector_version, event_date]
  - not_null: [detector, detector_version, event_date, measured_on]
  - no_rows: SELECT * FROM {batch} WHERE measured_on >= event_date
notes: >
  Trust holds from the day after the decisions that it rests on until the day of the next ones, and changes no earlier
  day. A detector is trusted on days without any decision, too: every day that anything happened on has its row.
*/
WITH measured AS (
  SELECT
    detector,
    detector_version,
    event_date                                                                          AS measured_on,
    lead(event_date) OVER (PARTITION BY detector, detector_version ORDER BY event_date) AS next_on,
    confirmed + dismissed                                                               AS cases,
    precision_lower
  FROM risk.detector_precision
  WHERE event_date < $to_date
),
days AS (
  SELECT cast(day AS DATE) AS event_date
  FROM (SELECT unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS day) AS series
)
SELECT
  m.detector,
  m.detector_version,
  d.event_date,
  m.measured_on,
  m.cases,
  m.precision_lower
FROM measured AS m
JOIN days AS d ON d.event_date > m.measured_on AND (m.next_on IS NULL OR d.event_date <= m.next_on)
WHERE m.precision_lower >= $precision_budget AND m.cases >= $precision_least_cases
