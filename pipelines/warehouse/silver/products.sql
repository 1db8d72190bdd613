/*
grain: one row per product, its latest state by event time
owner: catalog
freshness: 26h
columns:
  product_id: the product
  brand_id: its brand, "(unknown)" if it has none
  name: the name it shows
  category: dotted path, from the widest to the narrowest
  price_minor: list price [minor]
  currency: ISO 4217
  changed_at: when this state began [UTC]
expect:
  - unique: [product_id]
  - not_null: [product_id, brand_id, name, changed_at]
  - between: {column: price_minor, min: 0}
*/
WITH states AS (
  SELECT
    data->>'$.product_id'                                                              AS product_id,
    coalesce(data->>'$.brand_id', '(unknown)')                                         AS brand_id,
    data->>'$.name'                                                                    AS name,
    data->>'$.category'                                                                AS category,
    cast(data->>'$.price_minor' AS BIGINT)                                             AS price_minor,
    data->>'$.currency'                                                                AS currency,
    occurred_at                                                                        AS changed_at,
    row_number() OVER (PARTITION BY data->>'$.product_id' ORDER BY occurred_at DESC, event_id DESC) AS recency
  FROM bronze.events
  WHERE type = 'product.changed' AND NOT is_duplicate
)
SELECT product_id, brand_id, name, category, price_minor, currency, changed_at
FROM states
WHERE recency = 1
