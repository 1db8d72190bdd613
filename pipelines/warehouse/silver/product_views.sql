/*
grain: one row per opened product page
partition: event_date
owner: shop
freshness: 26h
columns:
  event_id: the view, as source:id
  event_date: reporting-local day of the view [day]
  occurred_at: when the page opened [UTC]
  actor_id: who looked
  session_id: the source's own session
  product_id: the product
  brand_id: the brand shown on the page, "(unknown)" if none
  price_minor: the price shown [minor]
  currency: ISO 4217
  surface: where the page was opened from, if told
  note_id: the note that led here, if one did
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, product_id, brand_id]
  - between: {column: price_minor, min: 0}
*/
SELECT
  concat(source, ':', event_id) AS event_id,
  local_date(occurred_at)                     AS event_date,
  occurred_at,
  actor_id,
  session_id,
  data->>'$.product_id'                       AS product_id,
  coalesce(data->>'$.brand_id', '(unknown)')  AS brand_id,
  cast(data->>'$.price_minor' AS BIGINT)      AS price_minor,
  data->>'$.currency'                         AS currency,
  data->>'$.surface'                          AS surface,
  data->>'$.note_id'                          AS note_id
FROM bronze.events
WHERE type = 'product.viewed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
