/*
grain: one row per variant of a product, its latest state by event time
owner: catalog
freshness: 26h
columns:
  sku_id: the variant that can be bought
  product_id: the product
  name: the name it shows
  price_minor: its price [minor]
  currency: ISO 4217
  changed_at: when this state began [UTC]
expect:
  - unique: [sku_id]
  - not_null: [sku_id, product_id, name, price_minor, currency, changed_at]
*/
SELECT sku_id, product_id, name, price_minor, currency, changed_at
FROM silver.sku_states
QUALIFY row_number() OVER (PARTITION BY sku_id ORDER BY event_date DESC) = 1
