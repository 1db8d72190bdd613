/*
grain: one row per person, note and day on which the person opened or engaged with the note
partition: event_date
owner: insight
freshness: 26h
columns:
  user_id: the person
  note_id: the note
  event_date: reporting-local day of the acts [day]
  reads: times the note was opened, however shortly [count]
  points: what the day's acts say for the note; below zero if they speak against it [number]
expect:
  - unique: [user_id, note_id, event_date]
  - not_null: [user_id, note_id, event_date, reads, points]
notes: >
  A day on which the note was open long enough is one point. Likes, collects, comments and shares add what they weigh
  in the feed (FAVOUR in platform_core/appeal.py), as far as the day's acts have not undone them; taking back an earlier
  day's act takes its points back on the day this happens. Hiding takes four. Reports are about rules, not about taste.
*/
WITH acts AS (
  SELECT
    actor_id AS user_id, note_id, event_date, 1 AS reads,
    CASE WHEN dwell_ms >= $read_minimum_dwell_ms THEN 1 ELSE 0 END AS has_dwelt,
    0 AS engaged
  FROM silver.note_reads
  WHERE actor_id IS NOT NULL AND event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT
    actor_id, note_id, event_date, 0, 0,
    net * CASE kind WHEN 'like' THEN 1 WHEN 'collect' THEN 2 WHEN 'comment' THEN 2 WHEN 'share' THEN 3 WHEN 'hide' THEN -4 ELSE 0 END
  FROM silver.engagements
  WHERE actor_id IS NOT NULL AND event_date BETWEEN $from_date AND $to_date
)
SELECT
  user_id,
  note_id,
  event_date,
  sum(reads)                      AS reads,
  max(has_dwelt) + sum(engaged)   AS points
FROM acts
GROUP BY user_id, note_id, event_date
