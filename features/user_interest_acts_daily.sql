/*
grain: one row per person, day and topic, category or price tier that the person's acts were about
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.note_states: all, silver.product_states: all, features.note_affinity_daily: 0}
columns:
  user_id: the person
  event_date: reporting-local day of the acts [day]
  kind: topic, category or price_tier
  name: the topic, the product category, or low, mid or high
  millipoints: thousandths of points that the acts add to it; below zero if they speak against it [number]
expect:
  - unique: [user_id, event_date, kind, name]
  - not_null: [user_id, event_date, kind, name, millipoints]
  - in_set: {column: kind, values: [topic, category, price_tier]}
  - no_rows: SELECT * FROM {batch} WHERE kind = 'price_tier' AND name NOT IN ('low', 'mid', 'high')
notes: >
  A note's points are shared evenly among its topics as of the day's end. An opened product page is one point, a cart
  three, an ordered product five, for the product's category as of the day's end. The price tier of each such act is the
  product's list price beside the median of the category's products on that day: below three quarters of it is low,
  above four thirds is high. Whole numbers, so that sums do not depend on their order.
*/
WITH note_versions AS (
  SELECT
    note_id, topics, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY note_id ORDER BY event_date) AS valid_until
  FROM silver.note_states
  WHERE event_date <= $to_date
),
note_acts AS (
  SELECT a.user_id, a.event_date, a.points, n.topics
  FROM features.note_affinity_daily AS a
  JOIN note_versions AS n
    ON n.note_id = a.note_id
    AND a.event_date >= n.valid_from
    AND (n.valid_until IS NULL OR a.event_date < n.valid_until)
  WHERE a.event_date BETWEEN $from_date AND $to_date AND a.points <> 0 AND array_length(n.topics) > 0
),
topic_acts AS (
  SELECT user_id, event_date, unnest(topics) AS name, points * 1000 // array_length(topics) AS millipoints
  FROM note_acts
),
product_versions AS (
  SELECT
    product_id, category, price_minor, currency, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
),
product_acts AS (
  SELECT actor_id AS user_id, event_date, product_id, 1000 AS millipoints
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, product_id, 3000
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT o.actor_id, l.event_date, l.product_id, 5000
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date AND o.event_date BETWEEN $from_date AND $to_date
),
product_days AS (
  SELECT user_id, event_date, product_id, sum(millipoints) AS millipoints
  FROM product_acts
  WHERE user_id IS NOT NULL
  GROUP BY user_id, event_date, product_id
),
days AS (
  SELECT cast(day AS DATE) AS event_date
  FROM (SELECT unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS day) AS series
),
category_medians AS (
  SELECT d.event_date, p.category, p.currency, median(p.price_minor) AS price_minor
  FROM days AS d
  JOIN product_versions AS p
    ON d.event_date >= p.valid_from AND (p.valid_until IS NULL OR d.event_date < p.valid_until)
  GROUP BY d.event_date, p.category, p.currency
),
priced AS (
  SELECT a.user_id, a.event_date, a.millipoints, p.category, p.price_minor, m.price_minor AS median_minor
  FROM product_days AS a
  JOIN product_versions AS p
    ON p.product_id = a.product_id
    AND a.event_date >= p.valid_from
    AND (p.valid_until IS NULL OR a.event_date < p.valid_until)
  LEFT JOIN category_medians AS m
    ON m.event_date = a.event_date AND m.category = p.category AND m.currency = p.currency
  WHERE p.category IS NOT NULL
),
acts AS (
  SELECT user_id, event_date, 'topic' AS kind, name, millipoints FROM topic_acts
  UNION ALL
  SELECT user_id, event_date, 'category', category, millipoints FROM priced
  UNION ALL
  SELECT
    user_id, event_date, 'price_tier',
    CASE WHEN price_minor * 4 < median_minor * 3 THEN 'low' WHEN price_minor * 3 > median_minor * 4 THEN 'high' ELSE 'mid' END,
    millipoints
  FROM priced
  WHERE price_minor IS NOT NULL AND median_minor > 0
)
SELECT user_id, event_date, kind, name, sum(millipoints) AS millipoints
FROM acts
GROUP BY user_id, event_date, kind, name
