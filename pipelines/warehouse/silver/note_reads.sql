/*
grain: one row per opening of a note
partition: event_date
owner: community
freshness: 26h
columns:
  read_id: the opening, as source:id
  event_date: reporting-local day on which it was told, when the note was closed again [day]
  occurred_at: when it was told [UTC]
  actor_id: who read, if signed in
  device_id: pseudonym of the device
  session_id: the source's own session
  note_id: the note
  request_id: the request that served its card, empty if none did
  surface: where it was opened from
  dwell_ms: how long it was open [milliseconds]
expect:
  - unique: [read_id]
  - not_null: [read_id, event_date, occurred_at, note_id, surface, dwell_ms]
  - between: {column: dwell_ms, min: 0}
*/
SELECT
  concat(source, ':', event_id)         AS read_id,
  local_date(occurred_at)               AS event_date,
  occurred_at,
  actor_id,
  device_id,
  session_id,
  data->>'$.note_id'                    AS note_id,
  data->>'$.request_id'                 AS request_id,
  data->>'$.surface'                    AS surface,
  cast(data->>'$.dwell_ms' AS BIGINT)   AS dwell_ms
FROM bronze.events
WHERE type = 'note.read'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
