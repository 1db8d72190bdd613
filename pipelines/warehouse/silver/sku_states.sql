/*
grain: one row per variant of a product and day on which its state changed, as it stood at that day's end
partition: event_date
owner: catalog
freshness: 26h
columns:
  sku_id: the variant that can be bought
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  product_id: the product
  name: the name it shows
  price_minor: its price [minor]
  currency: ISO 4217
expect:
  - unique: [sku_id, event_date]
  - not_null: [sku_id, event_date, changed_at, product_id, name, price_minor, currency]
  - between: {column: price_minor, min: 0}
*/
SELECT
  data->>'$.sku_id'                         AS sku_id,
  local_date(occurred_at)                   AS event_date,
  occurred_at                               AS changed_at,
  data->>'$.product_id'                     AS product_id,
  data->>'$.name'                           AS name,
  cast(data->>'$.price_minor' AS BIGINT)    AS price_minor,
  data->>'$.currency'                       AS currency
FROM bronze.events
WHERE type = 'sku.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.sku_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
