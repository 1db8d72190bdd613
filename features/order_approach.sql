/*
grain: one row per order, with what its buyer did just before it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.product_views: 7, silver.cart_adds: 7, silver.note_reads: 1, silver.searches: 1, silver.coupon_acts: 7}
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  views_before: times that its buyer opened one of its products in the 7 days before [count]
  first_view_seconds: from the first of these to the order, empty without one [seconds]
  last_view_seconds: from the last of these to the order, empty without one [seconds]
  other_products_1d: other products that the buyer looked at in the 24 hours before [count]
  other_brands_1d: brands of these that the order has nothing of [count]
  came_by_note: a note led to one of these views [flag]
  carts_before: times that one of its products was put into the cart in the 7 days before [count]
  reads_1h: notes opened in the hour before [count]
  searches_1h: searches in the hour before [count]
  claim_seconds: from the buyer's last claim of a coupon, at most 7 days ago, to the order [seconds]
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, views_before, other_products_1d, other_brands_1d, carts_before, reads_1h, searches_1h]
  - no_rows: SELECT * FROM {batch} WHERE first_view_seconds < last_view_seconds
*/
WITH placed AS (
  SELECT order_id, event_date, placed_at, actor_id
  FROM silver.orders
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
),
bought AS (
  SELECT DISTINCT order_id, event_date, product_id, brand_id
  FROM silver.order_lines
  WHERE event_date BETWEEN $from_date AND $to_date
),
brands_bought AS (
  SELECT DISTINCT order_id, event_date, brand_id FROM bought
),
views AS (
  SELECT o.order_id, o.event_date, o.placed_at, v.event_id, v.occurred_at, v.product_id, v.brand_id, v.note_id
  FROM placed AS o
  JOIN silver.product_views AS v
    ON v.actor_id = o.actor_id AND v.event_date BETWEEN o.event_date - 7 AND o.event_date
    AND v.occurred_at <= o.placed_at
  WHERE v.event_date BETWEEN $from_date - 7 AND $to_date
),
told_views AS (
  SELECT
    v.order_id, v.event_date, v.placed_at, v.occurred_at, v.product_id, v.brand_id, v.note_id,
    v.occurred_at > v.placed_at - INTERVAL 24 HOUR  AS is_recent,
    p.product_id IS NOT NULL                        AS is_bought,
    b.brand_id IS NOT NULL                          AS is_of_brand
  FROM views AS v
  LEFT JOIN bought AS p
    ON p.order_id = v.order_id AND p.event_date = v.event_date AND p.product_id = v.product_id
  LEFT JOIN brands_bought AS b
    ON b.order_id = v.order_id AND b.event_date = v.event_date AND b.brand_id = v.brand_id
),
looking AS (
  SELECT
    order_id,
    event_date,
    count(*) FILTER (WHERE is_bought)                                               AS views_before,
    min(CASE WHEN is_bought THEN occurred_at END)                                   AS first_at,
    max(CASE WHEN is_bought THEN occurred_at END)                                   AS last_at,
    max(CASE WHEN is_bought AND note_id IS NOT NULL THEN 1 ELSE 0 END)              AS by_note,
    count(DISTINCT CASE WHEN is_recent AND NOT is_bought THEN product_id END)       AS other_products,
    count(DISTINCT CASE WHEN is_recent AND NOT is_of_brand THEN brand_id END)       AS other_brands
  FROM told_views
  GROUP BY order_id, event_date
),
carts AS (
  SELECT o.order_id, o.event_date, count(*) AS carts
  FROM placed AS o
  JOIN bought AS b ON b.order_id = o.order_id AND b.event_date = o.event_date
  JOIN silver.cart_adds AS c
    ON c.actor_id = o.actor_id AND c.product_id = b.product_id
    AND c.event_date BETWEEN o.event_date - 7 AND o.event_date AND c.occurred_at <= o.placed_at
  WHERE c.event_date BETWEEN $from_date - 7 AND $to_date
  GROUP BY o.order_id, o.event_date
),
hour_acts AS (
  SELECT o.order_id, o.event_date, 1 AS reads, 0 AS searches
  FROM placed AS o
  JOIN silver.note_reads AS r
    ON r.actor_id = o.actor_id AND r.event_date BETWEEN o.event_date - 1 AND o.event_date
    AND r.occurred_at <= o.placed_at AND r.occurred_at > o.placed_at - INTERVAL 1 HOUR
  WHERE r.event_date BETWEEN $from_date - 1 AND $to_date
  UNION ALL
  SELECT o.order_id, o.event_date, 0, 1
  FROM placed AS o
  JOIN silver.searches AS s
    ON s.actor_id = o.actor_id AND s.event_date BETWEEN o.event_date - 1 AND o.event_date
    AND s.occurred_at <= o.placed_at AND s.occurred_at > o.placed_at - INTERVAL 1 HOUR
  WHERE s.event_date BETWEEN $from_date - 1 AND $to_date
),
hours AS (
  SELECT order_id, event_date, sum(reads) AS reads, sum(searches) AS searches FROM hour_acts GROUP BY order_id, event_date
),
claims AS (
  SELECT o.order_id, o.event_date, max(c.occurred_at) AS claimed_at
  FROM placed AS o
  JOIN silver.coupon_acts AS c
    ON c.actor_id = o.actor_id AND c.act = 'claimed'
    AND c.event_date BETWEEN o.event_date - 7 AND o.event_date AND c.occurred_at <= o.placed_at
  WHERE c.event_date BETWEEN $from_date - 7 AND $to_date
  GROUP BY o.order_id, o.event_date
)
SELECT
  o.order_id,
  o.event_date,
  coalesce(l.views_before, 0)                                               AS views_before,
  cast(epoch(o.placed_at) AS BIGINT) - cast(epoch(l.first_at) AS BIGINT)    AS first_view_seconds,
  cast(epoch(o.placed_at) AS BIGINT) - cast(epoch(l.last_at) AS BIGINT)     AS last_view_seconds,
  coalesce(l.other_products, 0)                                             AS other_products_1d,
  coalesce(l.other_brands, 0)                                               AS other_brands_1d,
  coalesce(l.by_note, 0) = 1                                                AS came_by_note,
  coalesce(c.carts, 0)                                                      AS carts_before,
  coalesce(h.reads, 0)                                                      AS reads_1h,
  coalesce(h.searches, 0)                                                   AS searches_1h,
  cast(epoch(o.placed_at) AS BIGINT) - cast(epoch(k.claimed_at) AS BIGINT)  AS claim_seconds
FROM silver.orders AS o
LEFT JOIN looking AS l ON l.order_id = o.order_id AND l.event_date = o.event_date
LEFT JOIN carts AS c ON c.order_id = o.order_id AND c.event_date = o.event_date
LEFT JOIN hours AS h ON h.order_id = o.order_id AND h.event_date = o.event_date
LEFT JOIN claims AS k ON k.order_id = o.order_id AND k.event_date = o.event_date
WHERE o.event_date BETWEEN $from_date AND $to_date
