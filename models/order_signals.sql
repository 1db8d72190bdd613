/*
grain: one row per order and detector that flags it
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  order_id: the order, as source:id, which is how a decision names it
  event_date: reporting-local day on which it was placed [day]
  detector: what flags it
  detector_version: version of that detector [number]
  kind: givt or sivt
  probability: that it is fraud, as far as the detector knows [score]
  case_key: signals with one key are one case to a reviewer
  reason_codes: sign=value@percentile among the subjects of that day, the heaviest first [list]
  state: live, or shadow if it only counts as yet and nothing follows from it
expect:
  - unique: [order_id, event_date, detector]
  - not_null: [order_id, event_date, detector, detector_version, kind, probability, case_key, state]
  - in_set: {column: kind, values: [givt, sivt]}
  - in_set: {column: state, values: [live, shadow]}
  - between: {column: probability, min: 0, max: 1}
*/
WITH found AS (
  SELECT order_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.order_rules
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT order_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.order_scores
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT order_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.order_learned
  WHERE event_date BETWEEN $from_date AND $to_date
)
SELECT
  order_id,
  event_date,
  detector,
  detector_version,
  kind,
  probability,
  case_key,
  reason_codes,
  state
FROM found
