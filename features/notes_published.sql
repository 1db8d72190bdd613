/*
grain: one row per note, on the first day on which it was published
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.note_states: all}
columns:
  note_id: the note
  event_date: reporting-local day on which it was first published [day]
  published_at: when that day's last state began [UTC]
  creator_id: who wrote it
  brand_id: the brand that it is about; the first of its mentions, else of its products, else of its brands; empty if none
  product_id: the first product that it shows, empty if none
  products: products that it shows [count]
  mentions: brands that its text names with @ [count]
  is_disclosed_ad: the creator says that it is advertising [flag]
expect:
  - unique: [note_id, event_date]
  - not_null: [note_id, event_date, published_at, creator_id, products, mentions, is_disclosed_ad]
*/
WITH publications AS (
  SELECT
    note_id, event_date, changed_at, creator_id, product_ids, product_brand_ids, mentions, brand_ids, is_disclosed_ad
  FROM silver.note_states
  WHERE was_published AND event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY note_id ORDER BY event_date) = 1
)
SELECT
  note_id,
  event_date,
  changed_at                                                                  AS published_at,
  creator_id,
  CASE
    WHEN coalesce(array_length(mentions), 0) > 0 THEN mentions[1]
    WHEN coalesce(array_length(product_brand_ids), 0) > 0 THEN nullif(product_brand_ids[1], '(unknown)')
    WHEN coalesce(array_length(brand_ids), 0) > 0 THEN brand_ids[1]
  END                                                                         AS brand_id,
  CASE WHEN coalesce(array_length(product_ids), 0) > 0 THEN product_ids[1] END  AS product_id,
  coalesce(array_length(product_ids), 0)                                      AS products,
  coalesce(array_length(mentions), 0)                                         AS mentions,
  is_disclosed_ad
FROM publications
WHERE event_date BETWEEN $from_date AND $to_date
