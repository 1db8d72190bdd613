/*
grain: one row per note and product that it shows in its latest state
owner: community
freshness: 26h
columns:
  note_id: the note
  product_id: the product
  brand_id: its brand as the note says, "(unknown)" if none
expect:
  - unique: [note_id, product_id]
  - not_null: [note_id, product_id, brand_id]
*/
WITH positions AS (
  SELECT note_id, product_ids, product_brand_ids, unnest(generate_series(1, array_length(product_ids))) AS position
  FROM silver.notes
)
SELECT
  note_id,
  product_ids[position]             AS product_id,
  min(product_brand_ids[position])  AS brand_id
FROM positions
GROUP BY 1, 2
