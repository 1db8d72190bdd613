/*
grain: one row per case that moderation opened, on the day it was opened
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  case_id: the case
  event_date: reporting-local day on which it was opened [day]
  opened_at: when that was [UTC]
  detector: what opened it
  detector_version: version of that detector [number]
  subject_type: what kind of thing its subjects are
  subjects: how many there were when it was opened [count]
expect:
  - unique: [case_id, event_date]
  - not_null: [case_id, event_date, detector, detector_version, subject_type]
*/
WITH opened AS (
  SELECT
    data->>'$.case_id'                            AS case_id,
    local_date(occurred_at)                       AS event_date,
    occurred_at                                   AS opened_at,
    data->>'$.detector'                           AS detector,
    cast(data->>'$.detector_version' AS BIGINT)   AS detector_version,
    data->>'$.subject_type'                       AS subject_type,
    cast(data->>'$.subject_count' AS BIGINT)      AS subjects,
    row_number() OVER (
      PARTITION BY data->>'$.case_id', local_date(occurred_at) ORDER BY occurred_at, source, event_id
    )                                             AS telling
  FROM bronze.events
  WHERE type = 'moderation.case_opened'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT case_id, event_date, opened_at, detector, detector_version, subject_type, subjects
FROM opened
WHERE telling = 1
