/*
grain: one row per product and day on which its state changed, as it stood at that day's end
partition: event_date
owner: catalog
freshness: 26h
columns:
  product_id: the product
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  brand_id: its brand, "(unknown)" if it has none
  shop_id: the shop that sells it, if the source says
  name: the name it shows
  category: dotted path, from the widest to the narrowest
  price_minor: list price [minor]
  currency: ISO 4217
  status: listed or delisted; empty if the source does not say
expect:
  - unique: [product_id, event_date]
  - not_null: [product_id, event_date, changed_at, brand_id, name]
  - between: {column: price_minor, min: 0}
*/
SELECT
  data->>'$.product_id'                       AS product_id,
  local_date(occurred_at)                     AS event_date,
  occurred_at                                 AS changed_at,
  coalesce(data->>'$.brand_id', '(unknown)')  AS brand_id,
  data->>'$.shop_id'                          AS shop_id,
  data->>'$.name'                             AS name,
  data->>'$.category'                         AS category,
  cast(data->>'$.price_minor' AS BIGINT)      AS price_minor,
  data->>'$.currency'                         AS currency,
  data->>'$.status'                           AS status
FROM bronze.events
WHERE type = 'product.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.product_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
