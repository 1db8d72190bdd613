/*
grain: one row per ad click that a rule flags or a person has decided on
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.moderation_verdicts: all}
lookahead: {silver.moderation_verdicts: all}
affects:
  silver.moderation_verdicts: |
    SELECT cast(unnest(subject_dates) AS DATE) FROM changed WHERE subject_type = 'ad_click'
columns:
  click_id: the click
  event_date: reporting-local day of the click [day]
  campaign_id: the campaign
  brand_id: the advertiser
  kind: givt or sivt
  state: pending, effective or dismissed
  rule: the rule that flags it, empty if only a person does
  rule_version: version of that rule [number]
  case_key: one actor on one campaign under one rule
  case_id: the case that was decided, empty while pending
  reason_code: why it was decided so, empty while pending
  decided_at: when it was decided, empty while pending [UTC]
expect:
  - unique: [click_id]
  - not_null: [click_id, event_date, campaign_id, brand_id, kind, state]
  - in_set: {column: kind, values: [givt, sivt]}
  - in_set: {column: state, values: [pending, effective, dismissed]}
  - no_rows: SELECT * FROM {batch} WHERE state <> 'pending' AND decided_at IS NULL
*/
WITH decisions AS (
  SELECT
    subject_id, case_id, verdict, kind, reason_code, decided_at,
    row_number() OVER (PARTITION BY subject_id ORDER BY decided_at DESC, case_version DESC, decision_id DESC) AS recency
  FROM silver.moderation_verdicts
  WHERE subject_type = 'ad_click'
),
judged AS (
  SELECT
    c.click_id,
    c.event_date,
    c.campaign_id,
    c.brand_id,
    c.actor_key,
    c.previous_at IS NOT NULL
      AND c.occurred_at <= c.previous_at + $impossible_repeat_max_gap_seconds * INTERVAL 1 SECOND AS is_repeat,
    d.case_id,
    d.verdict,
    d.kind,
    d.reason_code,
    d.decided_at
  FROM features.click_velocity AS c
  LEFT JOIN decisions AS d ON d.subject_id = c.click_id AND d.recency = 1
  WHERE c.event_date BETWEEN $from_date AND $to_date
)
SELECT
  click_id,
  event_date,
  campaign_id,
  brand_id,
  coalesce(kind, $impossible_repeat_kind)                                                           AS kind,
  CASE WHEN verdict = 'confirmed' THEN 'effective' WHEN verdict = 'dismissed' THEN 'dismissed' ELSE 'pending' END AS state,
  CASE WHEN is_repeat THEN 'impossible_repeat' END                                                  AS rule,
  CASE WHEN is_repeat THEN $impossible_repeat_version END                                           AS rule_version,
  CASE WHEN is_repeat THEN concat('impossible_repeat:', campaign_id, ':', actor_key) END            AS case_key,
  case_id,
  reason_code,
  decided_at
FROM judged
WHERE is_repeat OR verdict IS NOT NULL
