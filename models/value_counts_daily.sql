/*
grain: one row per kind of subject, thing measured, day and value to two digits
partition: event_date
owner: trust-and-safety
freshness: 26h
made_by: models.drift.counting:value_counts
reads:
  - features.click_conduct
  - features.order_conduct
  - features.review_conduct
  - features.note_conduct
  - features.user_conduct_daily
  - risk.click_signals
  - risk.order_signals
  - risk.review_signals
  - risk.note_signals
  - risk.user_signals
columns:
  subject: ad_click, order, review, note or user
  measure: conduct for a column of its conduct, score for the probability that a detector gives those whom it flags
  name: the column, or the detector
  event_date: reporting-local day of the subjects [day]
  value: to two digits, a flag as 0 or 1; empty if missing or infinite [score]
  subjects: how many have it [count]
expect:
  - unique: [subject, measure, name, event_date, value]
  - not_null: [subject, measure, name, event_date, subjects]
  - in_set: {column: measure, values: [conduct, score]}
notes: >
  Counts add up over days: risk.drift_daily compares a day with four weeks without reading any subject again.
*/
