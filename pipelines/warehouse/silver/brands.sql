/*
grain: one row per brand, its latest state by event time
owner: catalog
freshness: 26h
columns:
  brand_id: the brand
  name: the name it shows
  changed_at: when this state began [UTC]
expect:
  - unique: [brand_id]
  - not_null: [brand_id, name, changed_at]
*/
WITH states AS (
  SELECT
    data->>'$.brand_id'                                                                AS brand_id,
    data->>'$.name'                                                                    AS name,
    occurred_at                                                                        AS changed_at,
    row_number() OVER (PARTITION BY data->>'$.brand_id' ORDER BY occurred_at DESC, event_id DESC) AS recency
  FROM bronze.events
  WHERE type = 'brand.changed' AND NOT is_duplicate
)
SELECT brand_id, name, changed_at
FROM states
WHERE recency = 1
