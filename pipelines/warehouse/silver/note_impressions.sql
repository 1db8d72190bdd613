/*
grain: one row per person, note, request and day on which the note's card was rendered; the first counts
partition: event_date
owner: community
freshness: 26h
columns:
  impression_id: the rendering, as source:id
  event_date: reporting-local day of the rendering [day]
  occurred_at: when it happened [UTC]
  actor_id: who saw it, if signed in
  device_id: pseudonym of the device
  session_id: the source's own session
  note_id: the note
  request_id: the request that served the card
  surface: where it was shown
  position: from the top, 1 is the first [number]
expect:
  - unique: [impression_id]
  - not_null: [impression_id, event_date, occurred_at, note_id, request_id, surface, position]
notes: >
  Who is not signed in is told apart by device; without a device, every rendering stands.
*/
WITH renderings AS (
  SELECT
    concat(source, ':', event_id)             AS impression_id,
    local_date(occurred_at)                   AS event_date,
    occurred_at,
    actor_id,
    device_id,
    session_id,
    data->>'$.note_id'                        AS note_id,
    data->>'$.request_id'                     AS request_id,
    data->>'$.surface'                        AS surface,
    cast(data->>'$.position' AS BIGINT)       AS position,
    coalesce(actor_id, device_id, concat(source, ':', event_id)) AS viewer
  FROM bronze.events
  WHERE type = 'note.impressed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT
  impression_id, event_date, occurred_at, actor_id, device_id, session_id, note_id, request_id, surface, position
FROM renderings
QUALIFY row_number() OVER (
  PARTITION BY request_id, note_id, viewer, event_date ORDER BY occurred_at, impression_id
) = 1
