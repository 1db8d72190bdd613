/*
grain: one row per user and day on whose acts a person has decided; the newest decision stands
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: all
lookahead: all
affects:
  silver.moderation_verdicts: |
    SELECT cast(unnest(subject_dates) AS DATE) FROM changed WHERE subject_type = 'user'
columns:
  actor_id: pseudonym of the user, which is how a decision names them
  event_date: reporting-local day of the user's acts [day]
  kind: givt or sivt
  state: effective or dismissed
  case_id: the case that was decided
  reason_code: why it was decided so
  decided_at: when it was decided [UTC]
expect:
  - unique: [actor_id, event_date]
  - not_null: [actor_id, event_date, kind, state, case_id, decided_at]
  - in_set: {column: kind, values: [givt, sivt]}
  - in_set: {column: state, values: [pending, effective, dismissed]}
*/
WITH decided_days AS (
  SELECT
    subject_id, decision_id, case_id, case_version, verdict, kind, reason_code, decided_at,
    unnest(subject_dates) AS day
  FROM silver.moderation_verdicts
  WHERE subject_type = 'user'
),
decisions AS (
  SELECT
    subject_id,
    cast(day AS DATE) AS event_date,
    case_id, verdict, kind, reason_code, decided_at,
    row_number() OVER (
      PARTITION BY subject_id, cast(day AS DATE) ORDER BY decided_at DESC, case_version DESC, decision_id DESC
    ) AS recency
  FROM decided_days
  WHERE cast(day AS DATE) BETWEEN $from_date AND $to_date
)
SELECT
  subject_id AS actor_id,
  event_date,
  kind,
  CASE WHEN verdict = 'confirmed' THEN 'effective' ELSE 'dismissed' END AS state,
  case_id,
  reason_code,
  decided_at
FROM decisions
WHERE recency = 1
