/*
grain: one row per person and note that the person cares for, the newest of each person only
owner: insight
freshness: 26h
columns:
  user_id: pseudonym of the person
  note_id: the note
  points: what the acts of the last $recommendation_days days say for the note [number]
  last_on: last day with an act on it [day]
  recency: 1 is the note the person acted on last; at most $recommendation_history [number]
expect:
  - unique: [user_id, note_id]
  - unique: [user_id, recency]
  - not_null: [user_id, note_id, points, last_on, recency]
  - between: {column: points, min: 1}
notes: >
  What recommendations are made from. Acts of people on days for which they are effectively judged invalid say nothing.
  The last day is the newest on which anybody acted on a note, not today's date.
*/
WITH newest AS (
  SELECT max(event_date) AS event_date
  FROM features.note_affinity_daily
),
invalid AS (
  SELECT actor_id, event_date
  FROM risk.user_verdicts
  WHERE state = 'effective'
),
cared AS (
  SELECT a.user_id, a.note_id, sum(a.points) AS points, max(a.event_date) AS last_on
  FROM features.note_affinity_daily AS a
  JOIN newest AS n ON a.event_date > n.event_date - $recommendation_days
  LEFT JOIN invalid AS i ON i.actor_id = a.user_id AND i.event_date = a.event_date
  WHERE i.actor_id IS NULL
  GROUP BY a.user_id, a.note_id
  HAVING sum(a.points) > 0
)
SELECT
  user_id,
  note_id,
  points,
  last_on,
  row_number() OVER (PARTITION BY user_id ORDER BY last_on DESC, points DESC, note_id) AS recency
FROM cared
QUALIFY recency <= $recommendation_history
