/*
grain: one row per post, a published note or a review, with its words but for the names of its brand and product
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.product_states: all, silver.brand_states: all}
columns:
  post_kind: note or review
  post_id: the note; the review, as source:id
  event_date: reporting-local day on which it was posted, of a note first published [day]
  author: who wrote it
  brand_id: the brand that it is about; of a note "(none)" if none, of a review "(unknown)" if its product is
  words: its text at that day's end in lower case, a space for each name
expect:
  - unique: [post_kind, post_id, event_date]
  - not_null: [post_kind, post_id, event_date, brand_id, words]
  - in_set: {column: post_kind, values: [note, review]}
notes: >
  Names are those of the day. Everybody who writes about a brand says its name, so they tell nothing of who said what first.
*/
WITH product_versions AS (
  SELECT
    product_id, brand_id, name, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
),
brand_versions AS (
  SELECT
    brand_id, name, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY brand_id ORDER BY event_date) AS valid_until
  FROM silver.brand_states
  WHERE event_date <= $to_date
),
posts AS (
  SELECT
    'note' AS post_kind, n.note_id AS post_id, n.event_date, n.creator_id AS author,
    coalesce(n.brand_id, '(none)') AS brand_id, n.product_id, t.text
  FROM features.notes_published AS n
  LEFT JOIN features.note_texts AS t
    ON t.note_id = n.note_id AND t.event_date = n.event_date AND t.event_date BETWEEN $from_date AND $to_date
  WHERE n.event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT 'review', review_id, event_date, actor_id, NULL, product_id, text
  FROM silver.reviews
  WHERE event_date BETWEEN $from_date AND $to_date
),
about_brands AS (
  SELECT
    o.post_kind, o.post_id, o.event_date, o.author, o.text,
    coalesce(o.brand_id, p.brand_id, '(unknown)') AS brand_id,
    coalesce(p.name, '')                          AS product_name
  FROM posts AS o
  LEFT JOIN product_versions AS p
    ON p.product_id = o.product_id
    AND o.event_date >= p.valid_from AND (p.valid_until IS NULL OR o.event_date < p.valid_until)
),
named AS (
  SELECT
    o.post_kind, o.post_id, o.event_date, o.author, o.brand_id,
    lower(coalesce(o.text, ''))                                   AS text,
    lower(coalesce(b.name, ''))                                   AS brand_name,
    lower(replace(o.product_name, coalesce(b.name, ''), ''))      AS product_name
  FROM about_brands AS o
  LEFT JOIN brand_versions AS b
    ON b.brand_id = o.brand_id
    AND o.event_date >= b.valid_from AND (b.valid_until IS NULL OR o.event_date < b.valid_until)
)
SELECT
  post_kind,
  post_id,
  event_date,
  author,
  brand_id,
  trim(replace(replace(text, product_name, ' '), brand_name, ' ')) AS words
FROM named
