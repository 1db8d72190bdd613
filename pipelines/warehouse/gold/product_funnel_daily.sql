/*
grain: one row per product and day on which somebody looked at, carted or bought it
partition: event_date
owner: insight
freshness: 26h
columns:
  product_id: the product
  brand_id: its brand, "(unknown)" if none
  event_date: reporting-local day; orders count on the day they were placed [day]
  viewers: distinct people who opened its page [count]
  product_views: times its page was opened [count]
  carters: distinct people who put it into a cart [count]
  cart_adds: times it was put into a cart [count]
  buyers: distinct people who paid for it [count]
  orders: paid orders that hold it [count]
  units: pieces in paid orders [count]
  gmv_minor: price of these pieces [minor]
expect:
  - unique: [product_id, brand_id, event_date]
  - not_null: [product_id, brand_id, event_date]
  - between: {column: product_views, min: 0}
  - between: {column: gmv_minor, min: 0}
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(product_views), 0) AS here FROM {batch})
      WHERE here <> (SELECT count(*) FROM silver.product_views WHERE event_date BETWEEN $from_date AND $to_date)
*/
WITH acts AS (
  SELECT event_date, product_id, brand_id, actor_id, 'view' AS act, NULL AS order_id, 0 AS units, 0 AS amount_minor
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, product_id, brand_id, actor_id, 'cart', NULL, 0, 0
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT l.event_date, l.product_id, l.brand_id, o.actor_id, 'buy', l.order_id, l.quantity, l.amount_minor
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date AND o.paid_at IS NOT NULL
)
SELECT
  product_id,
  brand_id,
  event_date,
  count(DISTINCT CASE WHEN act = 'view' THEN actor_id END)    AS viewers,
  count(CASE WHEN act = 'view' THEN 1 END)                    AS product_views,
  count(DISTINCT CASE WHEN act = 'cart' THEN actor_id END)    AS carters,
  count(CASE WHEN act = 'cart' THEN 1 END)                    AS cart_adds,
  count(DISTINCT CASE WHEN act = 'buy' THEN actor_id END)     AS buyers,
  count(DISTINCT order_id)                                    AS orders,
  sum(units)                                                  AS units,
  sum(amount_minor)                                           AS gmv_minor
FROM acts
GROUP BY product_id, brand_id, event_date
