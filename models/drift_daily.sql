/*
grain: one row per kind of subject, thing measured and day, beside the four weeks before
partition: event_date
owner: trust-and-safety
freshness: 26h
made_by: models.drift.comparing:drift
says: [drift/stability.py, drift/at_once.yaml]
reads: [risk.value_counts_daily]
lookback: 28
lookahead: 28  # a day is settled when the days that its conduct looks at have come
columns:
  subject: ad_click, order, review, note or user
  measure: conduct for a column of its conduct, score for how sure a detector is, flags for how many it flags
  name: the column, or the detector
  event_date: reporting-local day of the subjects [day]
  rows: subjects of the day; of a score, those that the detector flags [count]
  rows_before: the same of the 28 days before [count]
  days_before: of these days, those with any [count]
  missing: share of the day's subjects without a value, empty for flags [share]
  missing_before: the same of the days before [share]
  median: of the day's values, to two digits, empty without any [score]
  median_before: the same of the days before [score]
  psi: population stability index between the two, empty for flags and where there are too few rows [score]
  expected_psi: what it would be on average if nothing had changed [score]
  flagged: of flags, subjects that the detector flags [count]
  expected_flags: of flags, how many there would be at the rate of the days before [score]
  deviations: of flags, standard deviations between the two on the scale of roots, empty where there are too few rows [score]
  level: stable, moderate, large, or too few
  is_settled: the days after it that its conduct looks at have come; until then it moves by itself [flag]
expect:
  - unique: [subject, measure, name, event_date]
  - not_null: [subject, measure, name, event_date, rows, rows_before, level, is_settled]
  - in_set: {column: measure, values: [conduct, score, flags]}
  - in_set: {column: level, values: [stable, moderate, large, too few]}
  - no_rows: SELECT event_date, subject, measure, name, psi, deviations FROM {batch} WHERE level = 'large' AND is_settled
    severity: warning
notes: >
  Moderate from an index of 0.1 above what is expected, large from 0.25 (Siddiqi 2006); of flags, from 3 and 5 deviations.
  Fewer than 100 rows on either side, or 14 days before, are too few. Drift accuses nobody and stops nothing: it says
  that detectors now see other things than those that they were made for.
*/
