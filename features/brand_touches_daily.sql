/*
grain: one row per person, brand and day on which the person met the brand
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.note_states: all, silver.product_states: all, silver.brand_states: all}
columns:
  user_id: the person
  brand_id: the brand
  event_date: reporting-local day; orders count on the day they were placed [day]
  step: the furthest of the day; 1 saw or searched, 2 read or clicked, 3 engaged or carted, 4 bought [number]
  visits: notes of the brand read and product pages of it opened [count]
  shares: notes of the brand shared and products of it reviewed [count]
expect:
  - unique: [user_id, brand_id, event_date]
  - not_null: [user_id, brand_id, event_date, step]
  - between: {column: step, min: 1, max: 4}
  - between: {column: visits, min: 0}
  - between: {column: shares, min: 0}
notes: >
  A note is of the brands whose products it shows or that its text names, as it stood at the day's end. A search meets a
  brand if its words hold the brand's name. Who buys is known once an order is paid.
*/
WITH note_versions AS (
  SELECT
    note_id, brand_ids, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY note_id ORDER BY event_date) AS valid_until
  FROM silver.note_states
  WHERE event_date <= $to_date
),
note_brands AS (
  SELECT note_id, valid_from, valid_until, unnest(brand_ids) AS brand_id
  FROM note_versions
  WHERE valid_until IS NULL OR valid_until > $from_date
),
product_versions AS (
  SELECT
    product_id, brand_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
),
brand_versions AS (
  SELECT
    brand_id, lower(trim(name)) AS name, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY brand_id ORDER BY event_date) AS valid_until
  FROM silver.brand_states
  WHERE event_date <= $to_date
),
note_acts AS (
  SELECT event_date, actor_id, note_id, 1 AS step, 0 AS visits, 0 AS shares
  FROM silver.note_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, actor_id, note_id, 2, 1, 0
  FROM silver.note_reads
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, actor_id, note_id, 3, 0, CASE WHEN kind = 'share' THEN net ELSE 0 END
  FROM silver.engagements
  WHERE event_date BETWEEN $from_date AND $to_date AND net > 0 AND kind IN ('like', 'collect', 'comment', 'share')
),
note_days AS (
  SELECT event_date, actor_id, note_id, max(step) AS step, sum(visits) AS visits, sum(shares) AS shares
  FROM note_acts
  WHERE actor_id IS NOT NULL
  GROUP BY event_date, actor_id, note_id
),
product_acts AS (
  SELECT event_date, actor_id, product_id, 2 AS step, 0 AS shares
  FROM silver.product_card_events
  WHERE event_date BETWEEN $from_date AND $to_date AND act = 'click'
  UNION ALL
  SELECT event_date, actor_id, product_id, 3, 1
  FROM silver.reviews
  WHERE event_date BETWEEN $from_date AND $to_date
),
searched AS (
  SELECT DISTINCT event_date, actor_id, term
  FROM silver.searches
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
),
named AS (
  SELECT terms.term, names.name
  FROM (SELECT DISTINCT term FROM searched) AS terms
  JOIN (SELECT DISTINCT name FROM brand_versions WHERE length(name) > 1) AS names
    ON terms.term LIKE concat('%', names.name, '%')
),
touches AS (
  SELECT d.event_date, d.actor_id, n.brand_id, d.step, d.visits, d.shares
  FROM note_days AS d
  JOIN note_brands AS n
    ON n.note_id = d.note_id
    AND d.event_date >= n.valid_from
    AND (n.valid_until IS NULL OR d.event_date < n.valid_until)
  UNION ALL
  SELECT a.event_date, a.actor_id, p.brand_id, a.step, 0, a.shares
  FROM product_acts AS a
  JOIN product_versions AS p
    ON p.product_id = a.product_id
    AND a.event_date >= p.valid_from
    AND (p.valid_until IS NULL OR a.event_date < p.valid_until)
  UNION ALL
  SELECT s.event_date, s.actor_id, b.brand_id, 1, 0, 0
  FROM searched AS s
  JOIN named ON named.term = s.term
  JOIN brand_versions AS b
    ON b.name = named.name
    AND s.event_date >= b.valid_from
    AND (b.valid_until IS NULL OR s.event_date < b.valid_until)
  UNION ALL
  SELECT event_date, actor_id, brand_id, 1, 0, 0
  FROM silver.ad_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, actor_id, brand_id, 1, 0, 0
  FROM silver.brand_page_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, actor_id, brand_id, 2, 0, 0
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, actor_id, brand_id, 2, 1, 0
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, actor_id, brand_id, 3, 0, 0
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT l.event_date, o.actor_id, l.brand_id, 4, 0, 0
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date AND o.paid_at IS NOT NULL
)
SELECT
  actor_id      AS user_id,
  brand_id,
  event_date,
  max(step)     AS step,
  sum(visits)   AS visits,
  sum(shares)   AS shares
FROM touches
WHERE actor_id IS NOT NULL AND brand_id <> '(unknown)'
GROUP BY actor_id, brand_id, event_date
