/*
grain: one row per visit of one person, on the day it began
partition: event_date
owner: shop
freshness: 26h
lookback: 1
lookahead: 1
columns:
  session_id: made from the person and the visit's first act
  event_date: reporting-local day on which it began [day]
  actor_id: the visitor
  started_at: first act [UTC]
  ended_at: last act [UTC]
  product_views: product pages opened [count]
  cart_adds: products put into the cart [count]
  orders: orders placed [count]
  reads: notes opened [count]
  searches: searches [count]
expect:
  - unique: [session_id]
  - not_null: [session_id, event_date, actor_id, started_at, ended_at]
  - no_rows: SELECT * FROM {batch} WHERE ended_at < started_at
notes: >
  A session ends after 30 minutes without an act, across midnight too. At 04:00 reporting time,
  the quietest hour, every session ends, so that what never rests has sessions of a day at most
  and a day's sessions never depend on more than its neighbours.
*/
WITH acts AS (
  SELECT actor_id, event_id, occurred_at, 1 AS views, 0 AS carts, 0 AS orders, 0 AS reads, 0 AS searches
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, event_id, occurred_at, 0, 1, 0, 0, 0
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, order_id, placed_at, 0, 0, 1, 0, 0
  FROM silver.orders
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, read_id, occurred_at, 0, 0, 0, 1, 0
  FROM silver.note_reads
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, search_id, occurred_at, 0, 0, 0, 0, 1
  FROM silver.searches
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
),
spaced AS (
  SELECT
    actor_id, event_id, occurred_at, views, carts, orders, reads, searches,
    lag(occurred_at) OVER (PARTITION BY actor_id ORDER BY occurred_at, event_id) AS previous_at
  FROM acts
  WHERE actor_id IS NOT NULL
),
marked AS (
  SELECT
    actor_id, event_id, occurred_at, views, carts, orders, reads, searches,
    CASE
      WHEN previous_at IS NULL THEN 1
      WHEN occurred_at > previous_at + INTERVAL 30 MINUTE THEN 1
      WHEN local_date(occurred_at - INTERVAL 4 HOUR) > local_date(previous_at - INTERVAL 4 HOUR) THEN 1
      ELSE 0
    END AS begins
  FROM spaced
),
numbered AS (
  SELECT
    actor_id, event_id, occurred_at, views, carts, orders, reads, searches,
    sum(begins) OVER (PARTITION BY actor_id ORDER BY occurred_at, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS visit
  FROM marked
),
firsts AS (
  SELECT
    actor_id, event_id, occurred_at, views, carts, orders, reads, searches, visit,
    row_number() OVER (PARTITION BY actor_id, visit ORDER BY occurred_at, event_id) AS act
  FROM numbered
)
SELECT
  md5(concat(actor_id, '|', max(CASE WHEN act = 1 THEN event_id END)))  AS session_id,
  local_date(min(occurred_at))                                          AS event_date,
  actor_id,
  min(occurred_at)                                                      AS started_at,
  max(occurred_at)                                                      AS ended_at,
  sum(views)                                                            AS product_views,
  sum(carts)                                                            AS cart_adds,
  sum(orders)                                                           AS orders,
  sum(reads)                                                            AS reads,
  sum(searches)                                                         AS searches
FROM firsts
GROUP BY actor_id, visit
HAVING local_date(min(occurred_at)) BETWEEN $from_date AND $to_date
