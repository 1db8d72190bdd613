/*
grain: one row per comment and day on which it was written; told again that day, the first counts
partition: event_date
owner: community
freshness: 26h
columns:
  comment_id: the comment, as source:id
  event_date: reporting-local day on which it was written [day]
  occurred_at: when it was written [UTC]
  actor_id: who wrote it, if signed in
  note_id: the note under which it stands
  text: what the person wrote
expect:
  - unique: [comment_id, event_date]
  - not_null: [comment_id, event_date, occurred_at, note_id, text]
*/
WITH written AS (
  SELECT
    concat(source, ':', data->>'$.comment_id')      AS comment_id,
    local_date(occurred_at)                         AS event_date,
    occurred_at,
    actor_id,
    data->>'$.note_id'                              AS note_id,
    data->>'$.text'                                 AS text,
    row_number() OVER (
      PARTITION BY source, data->>'$.comment_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                               AS attempt
  FROM bronze.events
  WHERE type = 'note.commented'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT comment_id, event_date, occurred_at, actor_id, note_id, text
FROM written
WHERE attempt = 1
