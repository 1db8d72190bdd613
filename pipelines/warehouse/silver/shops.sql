/*
grain: one row per shop, its latest state by event time
owner: catalog
freshness: 26h
columns:
  shop_id: the shop
  brand_id: the brand whose shop it is, "(unknown)" if it is nobody's
  name: the name it shows
  status: applied, open or closed
  level: 1 is the lowest; sets the commission [number]
  changed_at: when this state began [UTC]
expect:
  - unique: [shop_id]
  - not_null: [shop_id, brand_id, name, status, level, changed_at]
*/
SELECT shop_id, brand_id, name, status, level, changed_at
FROM silver.shop_states
QUALIFY row_number() OVER (PARTITION BY shop_id ORDER BY event_date DESC) = 1
