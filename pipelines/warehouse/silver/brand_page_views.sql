/*
grain: one row per opened brand page
partition: event_date
owner: community
freshness: 26h
columns:
  event_id: the view, as source:id
  event_date: reporting-local day of the view [day]
  occurred_at: when the page opened [UTC]
  actor_id: who looked, if signed in
  session_id: the source's own session
  brand_id: the brand
  surface: where it was opened from
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, brand_id, surface]
*/
SELECT
  concat(source, ':', event_id)   AS event_id,
  local_date(occurred_at)         AS event_date,
  occurred_at,
  actor_id,
  session_id,
  data->>'$.brand_id'             AS brand_id,
  data->>'$.surface'              AS surface
FROM bronze.events
WHERE type = 'brand_page.viewed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
