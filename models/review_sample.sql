/*
grain: one row per subject that is drawn for review whatever detectors say of it
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  subject_type: ad_click, order, review, note or user
  subject_id: the subject, as a decision names it
  event_date: reporting-local day of the subject [day]
expect:
  - unique: [subject_type, subject_id, event_date]
  - not_null: [subject_type, subject_id, event_date]
  - in_set: {column: subject_type, values: [ad_click, order, review, note, user]}
notes: >
  As many of each kind and day as random_sample_a_day says, by the order of their digests: the draw knows nothing of
  the subject, and is the same again. What people say of these tells what detectors miss, and how often they would
  accuse the honest.
*/
WITH subjects AS (
  SELECT 'ad_click' AS subject_type, click_id AS subject_id, event_date
  FROM features.click_conduct
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT 'order', order_id, event_date
  FROM features.order_conduct
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT 'review', review_id, event_date
  FROM features.review_conduct
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT 'note', note_id, event_date
  FROM features.note_conduct
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT 'user', actor_id, event_date
  FROM features.user_conduct_daily
  WHERE event_date BETWEEN $from_date AND $to_date
),
lots AS (
  SELECT *, concat(subject_id, '|', cast(event_date AS VARCHAR)) AS lot
  FROM subjects
),
drawn AS (
  SELECT
    subject_type,
    subject_id,
    event_date,
    row_number() OVER (PARTITION BY subject_type, event_date ORDER BY md5(lot), subject_id) AS place
  FROM lots
)
SELECT subject_type, subject_id, event_date
FROM drawn
WHERE place <= $random_sample_a_day
