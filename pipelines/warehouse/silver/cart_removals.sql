/*
grain: one row per time that a product was taken out of a cart
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
  sku_id: the variant, empty if the source has none
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, product_id]
*/
SELECT
  concat(source, ':', event_id)  AS event_id,
  local_date(occurred_at)        AS event_date,
  occurred_at,
  actor_id,
  session_id,
  data->>'$.product_id'          AS product_id,
  data->>'$.sku_id'              AS sku_id
FROM bronze.events
WHERE type = 'cart.removed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
