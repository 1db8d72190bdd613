/*
grain: one row per note and day on which it was published or changed while published, as it stood at that day's end
partition: event_date
owner: community
freshness: 26h
columns:
  note_id: the note
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  creator_id: who wrote it
  title: its title
  text: its body
expect:
  - unique: [note_id, event_date]
  - not_null: [note_id, event_date, changed_at, creator_id, title, text]
notes: >
  Of states of one instant the last to land counts, as in silver.note_states.
*/
WITH states AS (
  SELECT
    data->>'$.note_id'      AS note_id,
    local_date(occurred_at) AS event_date,
    occurred_at             AS changed_at,
    data->>'$.creator_id'   AS creator_id,
    data->>'$.status'       AS status,
    data->>'$.title'        AS title,
    data->>'$.text'         AS text,
    row_number() OVER (
      PARTITION BY data->>'$.note_id', local_date(occurred_at)
      ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
    )                       AS from_the_last
  FROM bronze.events
  WHERE type = 'note.changed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT note_id, event_date, changed_at, creator_id, title, text
FROM states
WHERE from_the_last = 1
  AND status = 'published'
