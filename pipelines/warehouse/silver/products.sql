/*
grain: one row per product, its latest state by event time
owner: catalog
freshness: 26h
columns:
  product_id: the product
  brand_id: its brand, "(unknown)" if it has none
  shop_id: the shop that sells it, if the source says
  name: the name it shows
  category: dotted path, from the widest to the narrowest
  price_minor: list price [minor]
  currency: ISO 4217
  status: listed or delisted; empty if the source does not say
  changed_at: when this state began [UTC]
expect:
  - unique: [product_id]
  - not_null: [product_id, brand_id, name, changed_at]
  - between: {column: price_minor, min: 0}
*/
SELECT product_id, brand_id, shop_id, name, category, price_minor, currency, status, changed_at
FROM silver.product_states
QUALIFY row_number() OVER (PARTITION BY product_id ORDER BY event_date DESC) = 1
