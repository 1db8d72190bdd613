/*
grain: one row per person, note and day on which the person opened the note or engaged with it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.note_states: all}
columns:
  user_id: the person
  note_id: the note
  event_date: reporting-local day [day]
  creator_id: who wrote it, empty if no state says so by that day
  brand_id: the first of its brands when it was published first, empty if it names none
  note_age_days: days since it was published first [number]
  reads: times it was opened [count]
  dwell_ms: how long it was open, all openings together [milliseconds]
  engagements: kinds of engagement that stood at the day's end; like, collect, comment, share [count]
  comments: of these, comments [count]
expect:
  - not_null: [user_id, note_id, event_date, reads, dwell_ms, engagements]
  - unique: [user_id, note_id, event_date]
  - between: {column: dwell_ms, min: 0}
*/
WITH notes AS (
  SELECT
    note_id,
    min(event_date)                                   AS published_on,
    arg_min(creator_id, (event_date, creator_id))     AS creator_id,
    arg_min(brand_ids[1], (event_date, creator_id))   AS brand_id
  FROM silver.note_states
  WHERE event_date <= $to_date AND was_published
  GROUP BY note_id
),
acts AS (
  SELECT actor_id AS user_id, note_id, event_date, 1 AS reads, dwell_ms, 0 AS engaged
  FROM silver.note_reads
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
  UNION ALL
  SELECT DISTINCT actor_id, note_id, event_date, 0, 0, CASE kind WHEN 'like' THEN 1 WHEN 'collect' THEN 10 WHEN 'share' THEN 100 ELSE 1000 END
  FROM silver.engagements
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
    AND net > 0 AND kind IN ('like', 'collect', 'comment', 'share')
),
days AS (
  SELECT
    user_id, note_id, event_date,
    sum(reads)                                            AS reads,
    sum(dwell_ms)                                         AS dwell_ms,
    sum(CASE WHEN engaged > 0 THEN 1 ELSE 0 END)          AS engagements,
    sum(CASE WHEN engaged = 1000 THEN 1 ELSE 0 END)       AS comments
  FROM acts
  GROUP BY user_id, note_id, event_date
)
SELECT
  d.user_id,
  d.note_id,
  d.event_date,
  n.creator_id,
  n.brand_id,
  CASE WHEN n.published_on <= d.event_date THEN date_diff('day', n.published_on, d.event_date) END   AS note_age_days,
  d.reads,
  d.dwell_ms,
  d.engagements,
  d.comments
FROM days AS d
LEFT JOIN notes AS n ON n.note_id = d.note_id AND n.published_on <= d.event_date
