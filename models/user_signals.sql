/*
grain: one row per user and day and detector that flags it
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  actor_id: pseudonym of the user, which is how a decision names them
  event_date: reporting-local day of the user's acts [day]
  detector: what flags it
  detector_version: version of that detector [number]
  kind: givt or sivt
  probability: that it is fraud, as far as the detector knows [score]
  case_key: signals with one key are one case to a reviewer
  reason_codes: sign=value@percentile among the subjects of that day, the heaviest first [list]
  state: live, or shadow if it only counts as yet and nothing follows from it
expect:
  - unique: [actor_id, event_date, detector]
  - not_null: [actor_id, event_date, detector, detector_version, kind, probability, case_key, state]
  - in_set: {column: kind, values: [givt, sivt]}
  - in_set: {column: state, values: [live, shadow]}
  - between: {column: probability, min: 0, max: 1}
*/
WITH found AS (
  SELECT actor_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.user_scores
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state
  FROM risk.user_learned
  WHERE event_date BETWEEN $from_date AND $to_date
)
SELECT
  actor_id,
  event_date,
  detector,
  detector_version,
  kind,
  probability,
  case_key,
  reason_codes,
  state
FROM found
