/*
grain: one row per order, with who its buyer is and what the buyer ordered around it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.orders: 28, silver.order_lines: 28, features.user_activity_daily: 28, silver.user_states: all}
lookahead: {silver.orders: 14, silver.order_lines: 14}
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  account_age_days: since the buyer's sign-up, empty if the source does not say [number]
  profile_gaps: picture and words that the buyer's profile lacks, empty if the source does not say [count]
  active_days_28d: days with an act in the 28 days before the order [count]
  acts_28d: acts on these days [count]
  buyer_orders_28d: the buyer's orders in the 28 days before and on the day [count]
  buyer_shop_orders: the buyer's orders at the shop, from 28 days before the order to 14 days after it [count]
  buyer_orders: the buyer's orders at all in that time [count]
  buyer_product_orders: of these, those with the first product of the order [count]
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, active_days_28d, acts_28d, buyer_orders_28d, buyer_shop_orders, buyer_orders]
  - no_rows: SELECT * FROM {batch} WHERE buyer_shop_orders > buyer_orders OR buyer_orders_28d > buyer_orders
*/
WITH first_products AS (
  SELECT order_id, event_date, min(product_id) AS product_id
  FROM silver.order_lines
  WHERE line_number = 1 AND event_date BETWEEN $from_date - 28 AND $to_date + 14
  GROUP BY order_id, event_date
),
placed AS (
  SELECT
    o.order_id, o.event_date, o.actor_id, coalesce(o.shop_id, '') AS shop_id, p.product_id,
    date_diff('day', DATE '1970-01-01', o.event_date) AS day
  FROM silver.orders AS o
  LEFT JOIN first_products AS p ON p.order_id = o.order_id AND p.event_date = o.event_date
  WHERE o.event_date BETWEEN $from_date - 28 AND $to_date + 14 AND o.actor_id IS NOT NULL
),
counted AS (
  SELECT
    order_id, event_date, actor_id,
    count(*) OVER (PARTITION BY actor_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND CURRENT ROW)                 AS orders_28d,
    count(*) OVER (PARTITION BY actor_id, shop_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING)       AS shop_orders,
    count(*) OVER (PARTITION BY actor_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING)                AS orders,
    count(*) OVER (PARTITION BY actor_id, product_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING)    AS product_orders
  FROM placed
),
buyer_days AS (
  SELECT DISTINCT actor_id, event_date FROM placed WHERE event_date BETWEEN $from_date AND $to_date
),
lives AS (
  SELECT b.actor_id, b.event_date, count(*) AS active_days, sum(a.acts) AS acts
  FROM buyer_days AS b
  JOIN features.user_activity_daily AS a
    ON a.user_id = b.actor_id AND a.event_date BETWEEN b.event_date - 28 AND b.event_date - 1
  WHERE a.event_date BETWEEN $from_date - 28 AND $to_date
  GROUP BY b.actor_id, b.event_date
),
people AS (
  SELECT
    b.actor_id, b.event_date, s.registered_on,
    CASE WHEN s.has_avatar THEN 0 ELSE 1 END + CASE WHEN s.has_bio THEN 0 ELSE 1 END AS profile_gaps
  FROM buyer_days AS b
  JOIN silver.user_states AS s ON s.user_id = b.actor_id AND s.event_date <= b.event_date
  WHERE s.event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY b.actor_id, b.event_date ORDER BY s.event_date DESC) = 1
)
SELECT
  o.order_id,
  o.event_date,
  date_diff('day', p.registered_on, o.event_date)   AS account_age_days,
  p.profile_gaps,
  coalesce(l.active_days, 0)                        AS active_days_28d,
  coalesce(l.acts, 0)                               AS acts_28d,
  coalesce(c.orders_28d, 1)                         AS buyer_orders_28d,
  coalesce(c.shop_orders, 1)                        AS buyer_shop_orders,
  coalesce(c.orders, 1)                             AS buyer_orders,
  coalesce(c.product_orders, 1)                     AS buyer_product_orders
FROM silver.orders AS o
LEFT JOIN counted AS c ON c.order_id = o.order_id AND c.event_date = o.event_date
LEFT JOIN lives AS l ON l.actor_id = o.actor_id AND l.event_date = o.event_date
LEFT JOIN people AS p ON p.actor_id = o.actor_id AND p.event_date = o.event_date
WHERE o.event_date BETWEEN $from_date AND $to_date
