/*
grain: one row per ad click and detector that flags it
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  click_id: the click
  event_date: reporting-local day of the click [day]
  detector: what flags it
  detector_version: version of that detector [number]
  kind: givt or sivt
  probability: that it is fraud, as far as the detector knows [score]
  case_key: signals with one key are one case to a reviewer
  reason_codes: sign=value@percentile among the subjects of that day, the heaviest first [list]
  state: live, or shadow if it only counts as yet and nothing follows from it
expect:
  - unique: [click_id, event_date, detector]
  - not_null: [click_id, event_date, detector, detector_version, kind, probability, case_key, state]
  - in_set: {column: kind, values: [givt, sivt]}
  - in_set: {column: state, values: [live, shadow]}
  - between: {column: probability, min: 0, max: 1}
*/
WITH found AS (
  SELECT click_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.click_rules
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT click_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.click_scores
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT click_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.click_learned
  WHERE event_date BETWEEN $from_date AND $to_date
)
SELECT
  click_id,
  event_date,
  detector,
  detector_version,
  kind,
  probability,
  case_key,
  reason_codes,
  state
FROM found
