/*
grain: one row per order that a person has decided on; the newest decision stands
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.moderation_verdicts: all}
lookahead: {silver.moderation_verdicts: all}
affects:
  silver.moderation_verdicts: |
    SELECT cast(unnest(subject_dates) AS DATE) FROM changed WHERE subject_type = 'order'
columns:
  order_id: the order, as source:id, which is how a decision names it
  event_date: reporting-local day on which it was placed [day]
  kind: givt or sivt
  state: effective or dismissed
  case_id: the case that was decided
  reason_code: why it was decided so
  decided_at: when it was decided [UTC]
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, kind, state, case_id, decided_at]
  - in_set: {column: kind, values: [givt, sivt]}
  - in_set: {column: state, values: [pending, effective, dismissed]}
*/
WITH decisions AS (
  SELECT
    subject_id, case_id, verdict, kind, reason_code, decided_at,
    row_number() OVER (PARTITION BY subject_id ORDER BY decided_at DESC, case_version DESC, decision_id DESC) AS recency
  FROM silver.moderation_verdicts
  WHERE subject_type = 'order'
)
SELECT
  o.order_id,
  o.event_date,
  d.kind,
  CASE WHEN d.verdict = 'confirmed' THEN 'effective' ELSE 'dismissed' END AS state,
  d.case_id,
  d.reason_code,
  d.decided_at
FROM silver.orders AS o
JOIN decisions AS d ON d.subject_id = o.order_id AND d.recency = 1
WHERE o.event_date BETWEEN $from_date AND $to_date
