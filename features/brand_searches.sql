/*
grain: one row per person, brand and day on which the person searched a term of the brand
partition: event_date
owner: ads
freshness: 26h
lookback: {silver.brand_states: all, silver.product_states: all}
columns:
  actor_id: who searched
  brand_id: the brand that the term names
  event_date: reporting-local day of the search [day]
  searches: searches of such terms [count]
expect:
  - unique: [actor_id, brand_id, event_date]
  - not_null: [actor_id, brand_id, event_date, searches]
notes: >
  A term names a brand if it holds a name that the brand or a product of it has had up to that day.
*/
WITH brand_names AS (
  SELECT brand_id, lower(name) AS name, min(event_date) AS valid_from
  FROM silver.brand_states
  WHERE event_date <= $to_date AND length(trim(name)) > 1
  GROUP BY brand_id, lower(name)
),
product_names AS (
  SELECT brand_id, lower(name) AS name, min(event_date) AS valid_from
  FROM silver.product_states
  WHERE event_date <= $to_date AND brand_id <> '(unknown)' AND length(trim(name)) > 1
  GROUP BY brand_id, lower(name)
),
names AS (
  SELECT brand_id, name, valid_from FROM brand_names
  UNION ALL
  SELECT p.brand_id, p.name, p.valid_from
  FROM product_names AS p
  WHERE NOT EXISTS (
    SELECT 1 FROM brand_names AS b
    WHERE b.brand_id = p.brand_id AND b.valid_from <= p.valid_from AND p.name LIKE concat('%', b.name, '%')
  )
),
term_days AS (
  SELECT term, actor_id, event_date, count(*) AS searches
  FROM silver.searches
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
  GROUP BY term, actor_id, event_date
),
terms AS (
  SELECT DISTINCT term FROM term_days
),
brand_terms AS (
  SELECT t.term, n.brand_id, min(n.valid_from) AS valid_from
  FROM terms AS t
  JOIN names AS n ON t.term LIKE concat('%', n.name, '%')
  GROUP BY t.term, n.brand_id
)
SELECT
  s.actor_id,
  b.brand_id,
  s.event_date,
  sum(s.searches) AS searches
FROM term_days AS s
JOIN brand_terms AS b ON b.term = s.term AND s.event_date >= b.valid_from
GROUP BY s.actor_id, b.brand_id, s.event_date
