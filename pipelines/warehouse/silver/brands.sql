/*
grain: one row per brand, its latest state by event time
owner: catalog
freshness: 26h
columns:
  brand_id: the brand
  name: the name it shows
  status: applied, verified, certified or suspended; empty if the source does not say
  category: what it mainly sells, if told
  changed_at: when this state began [UTC]
expect:
  - unique: [brand_id]
  - not_null: [brand_id, name, changed_at]
*/
SELECT brand_id, name, status, category, changed_at
FROM silver.brand_states
QUALIFY row_number() OVER (PARTITION BY brand_id ORDER BY event_date DESC) = 1
