/*
grain: one row per note, its latest state by event time
owner: community
freshness: 26h
columns:
  note_id: the note
  changed_at: when this state began [UTC]
  published_on: first reporting-local day on which it was published, empty if never [day]
  creator_id: who wrote it
  status: draft, held, published or removed
  title: its title
  topics: topics that it names [list]
  product_ids: products that it shows, in its order [list]
  product_brand_ids: brand of each of these products, in the same order, "(unknown)" if none [list]
  mentions: brands that its text names with @ [list]
  brand_ids: distinct brands of its products and mentions, sorted [list]
  is_disclosed_ad: the creator says that it is advertising [flag]
  place: where it was written, if told
expect:
  - unique: [note_id]
  - not_null: [note_id, changed_at, creator_id, status, brand_ids, is_disclosed_ad]
*/
SELECT
  note_id,
  changed_at,
  min(CASE WHEN was_published THEN event_date END) OVER (PARTITION BY note_id) AS published_on,
  creator_id,
  status,
  title,
  topics,
  product_ids,
  product_brand_ids,
  mentions,
  brand_ids,
  is_disclosed_ad,
  place
FROM silver.note_states
QUALIFY row_number() OVER (PARTITION BY note_id ORDER BY event_date DESC) = 1
