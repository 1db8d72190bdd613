/*
grain: one row per note and brand that its latest text names with @
owner: community
freshness: 26h
columns:
  note_id: the note
  brand_id: the brand
expect:
  - unique: [note_id, brand_id]
  - not_null: [note_id, brand_id]
*/
SELECT DISTINCT note_id, brand_id
FROM (SELECT note_id, unnest(mentions) AS brand_id FROM silver.notes) AS mentioned
