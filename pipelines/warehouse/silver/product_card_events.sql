/*
grain: one row per rendering of a product's card and per click on one
partition: event_date
owner: community
freshness: 26h
columns:
  event_id: the act, as source:id
  event_date: reporting-local day of the act [day]
  occurred_at: when it happened [UTC]
  actor_id: who did it, if signed in
  session_id: the source's own session
  act: impression or click
  product_id: the product
  surface: where the card stood
  note_id: the note that showed it, if one did
  request_id: the request that served it, if told
  position: from the top, 1 is the first [number]
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, act, product_id, surface, position]
*/
SELECT
  concat(source, ':', event_id)                                                     AS event_id,
  local_date(occurred_at)                                                           AS event_date,
  occurred_at,
  actor_id,
  session_id,
  CASE WHEN type = 'product_card.clicked' THEN 'click' ELSE 'impression' END        AS act,
  data->>'$.product_id'                                                             AS product_id,
  data->>'$.surface'                                                                AS surface,
  data->>'$.note_id'                                                                AS note_id,
  data->>'$.request_id'                                                             AS request_id,
  cast(data->>'$.position' AS BIGINT)                                               AS position
FROM bronze.events
WHERE type IN ('product_card.impressed', 'product_card.clicked')
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
