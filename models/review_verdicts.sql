/*
grain: one row per review that a detector flags or a person has decided on
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.moderation_verdicts: all}
lookahead: {silver.moderation_verdicts: all}
affects:
  silver.moderation_verdicts: |
    SELECT cast(unnest(subject_dates) AS DATE) FROM changed WHERE subject_type = 'review'
columns:
  review_id: the review
  event_date: reporting-local day on which it was posted [day]
  kind: givt or sivt
  state: pending, effective or dismissed
  detector: the strongest that flags it, empty if only a person does
  detector_version: version of that detector [number]
  probability: that it is fraud, as far as that detector knows [score]
  case_key: signals with one key are one case to a reviewer
  case_id: the case that was decided, empty if none was
  reason_code: why it was decided so, empty if nobody has
  decided_at: when it was decided, empty if it was not [UTC]
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, kind, state]
  - in_set: {column: kind, values: [givt, sivt]}
  - in_set: {column: state, values: [pending, effective, dismissed]}
  - no_rows: SELECT * FROM {batch} WHERE state = 'dismissed' AND decided_at IS NULL
  - no_rows: SELECT * FROM {batch} WHERE state = 'pending' AND detector IS NULL
notes: >
  What a person has decided stands. Else a live signal is effective if its detector had enough cases decided before that
  day, with a precision whose lower end is above the budget; else it is pending.
*/
WITH decisions AS (
  SELECT
    subject_id, case_id, verdict, kind, reason_code, decided_at,
    row_number() OVER (PARTITION BY subject_id ORDER BY decided_at DESC, case_version DESC, decision_id DESC) AS recency
  FROM silver.moderation_verdicts
  WHERE subject_type = 'review'
    AND (verdict = 'dismissed' OR reason_code IN ('bought_praise', 'coordinated', 'brushed_order', 'undisclosed_ad', 'confirmed_other'))
),
signalled AS (
  SELECT
    s.review_id,
    s.event_date,
    s.detector,
    s.detector_version,
    s.kind,
    s.probability,
    s.case_key,
    t.detector IS NOT NULL AS is_trusted
  FROM risk.review_signals AS s
  LEFT JOIN risk.trusted_detectors AS t
    ON t.detector = s.detector
    AND t.detector_version = s.detector_version
    AND t.event_date = s.event_date
    AND t.event_date BETWEEN $from_date AND $to_date
  WHERE s.event_date BETWEEN $from_date AND $to_date
    AND s.state = 'live'
    AND s.probability >= $pending_probability
),
strongest AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY review_id, event_date ORDER BY is_trusted DESC, probability DESC, kind, detector
    ) AS place
  FROM signalled
),
judged AS (
  SELECT
    c.review_id,
    c.event_date,
    coalesce(d.kind, s.kind) AS kind,
    s.detector,
    s.detector_version,
    s.probability,
    s.case_key,
    coalesce(s.is_trusted, false) AS is_trusted,
    d.case_id,
    d.verdict,
    d.reason_code,
    d.decided_at
  FROM silver.reviews AS c
  LEFT JOIN strongest AS s ON s.review_id = c.review_id AND s.event_date = c.event_date AND s.place = 1
  LEFT JOIN decisions AS d ON d.subject_id = c.review_id AND d.recency = 1
  WHERE c.event_date BETWEEN $from_date AND $to_date
    AND (s.review_id IS NOT NULL OR d.subject_id IS NOT NULL)
)
SELECT
  review_id,
  event_date,
  kind,
  CASE
    WHEN verdict = 'confirmed' THEN 'effective'
    WHEN verdict = 'dismissed' THEN 'dismissed'
    WHEN is_trusted THEN 'effective'
    ELSE 'pending'
  END AS state,
  detector,
  detector_version,
  probability,
  case_key,
  case_id,
  reason_code,
  decided_at
FROM judged
