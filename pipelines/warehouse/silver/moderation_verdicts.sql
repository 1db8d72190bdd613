/*
grain: one row per decision of a person and subject that it decides on; of people, per day too
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  decision_id: the decision
  subject_id: what was decided on
  event_date: reporting-local day of the decision [day]
  decided_at: when it was made [UTC]
  case_id: the case
  case_version: the version of the case that the reviewer saw [number]
  verdict: confirmed or dismissed
  kind: givt or sivt
  reason_code: why
  reviewer_id: pseudonym of the person who decided
  subject_type: what kind of thing the subject is
  is_appeal: a second person ruled on an appeal, and otherwise than the first [flag]
  subject_dates: days on which the decision's subjects happened, as the platform reports them [list]
expect:
  - unique: [decision_id, subject_id, subject_dates]
  - not_null: [decision_id, subject_id, event_date, verdict, kind]
  - in_set: {column: verdict, values: [confirmed, dismissed]}
  - in_set: {column: kind, values: [givt, sivt]}
*/
WITH overturned AS (
  SELECT DISTINCT data->>'$.decision_id' AS decision_id, local_date(occurred_at) AS event_date
  FROM bronze.events
  WHERE type = 'moderation.overturned'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
decisions AS (
  SELECT
    data->>'$.decision_id'                        AS decision_id,
    unnest(json_strings(data, '$.subjects'))      AS subject_id,
    local_date(occurred_at)                       AS event_date,
    occurred_at                                   AS decided_at,
    data->>'$.case_id'                            AS case_id,
    cast(data->>'$.case_version' AS BIGINT)       AS case_version,
    data->>'$.verdict'                            AS verdict,
    data->>'$.kind'                               AS kind,
    data->>'$.reason_code'                        AS reason_code,
    data->>'$.reviewer_id'                        AS reviewer_id,
    data->>'$.subject_type'                       AS subject_type,
    json_strings(data, '$.subject_dates')         AS subject_dates
  FROM bronze.events
  WHERE type = 'moderation.decided'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT
  d.decision_id,
  d.subject_id,
  d.event_date,
  d.decided_at,
  d.case_id,
  d.case_version,
  d.verdict,
  d.kind,
  d.reason_code,
  d.reviewer_id,
  d.subject_type,
  o.decision_id IS NOT NULL AS is_appeal,
  d.subject_dates
FROM decisions AS d
LEFT JOIN overturned AS o ON o.decision_id = d.decision_id AND o.event_date = d.event_date
