/*
grain: one row per product put into a cart
partition: event_date
owner: shop
freshness: 26h
columns:
  event_id: the act, as source:id
  event_date: reporting-local day of the act [day]
  occurred_at: when it happened [UTC]
  actor_id: who did it
  session_id: the source's own session
  product_id: the product
  brand_id: its brand, "(unknown)" if none
  quantity: pieces put in [count]
  price_minor: price of one piece [minor]
  currency: ISO 4217
  sku_id: the variant, empty if the source has none
  surface: where it was put in from
  note_id: the note that led here
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, product_id, brand_id, quantity]
  - between: {column: quantity, min: 1}
*/
SELECT
  concat(source, ':', event_id)                       AS event_id,
  local_date(occurred_at)                             AS event_date,
  occurred_at,
  actor_id,
  session_id,
  data->>'$.product_id'                               AS product_id,
  coalesce(data->>'$.brand_id', '(unknown)')          AS brand_id,
  coalesce(cast(data->>'$.quantity' AS BIGINT), 1)    AS quantity,
  cast(data->>'$.price_minor' AS BIGINT)              AS price_minor,
  data->>'$.currency'                                 AS currency,
  data->>'$.sku_id'                                   AS sku_id,
  data->>'$.surface'                                  AS surface,
  data->>'$.note_id'                                  AS note_id
FROM bronze.events
WHERE type = 'cart.added'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
