/*
grain: one row per brand and day on which somebody looked at, carted or bought a product of it
partition: event_date
owner: insight
freshness: 26h
columns:
  brand_id: the brand, "(unknown)" for products without one
  event_date: reporting-local day; orders count on the day they were placed [day]
  visitors: distinct people who opened a product page of the brand [count]
  product_views: times a product page of the brand was opened [count]
  cart_adds: times a product of the brand was put into a cart [count]
  orders: paid orders that hold a product of the brand [count]
  buyers: distinct people who paid for a product of the brand [count]
  gmv_minor: price of the brand's products in paid orders; empty if they are in several currencies [minor]
  currency: ISO 4217 of gmv_minor, empty on a day without paid orders
expect:
  - unique: [brand_id, event_date]
  - not_null: [brand_id, event_date]
  - between: {column: visitors, min: 0}
  - between: {column: gmv_minor, min: 0}
  - no_rows: SELECT * FROM {batch} WHERE visitors > product_views OR buyers > orders
  - no_rows: SELECT * FROM {batch} WHERE orders > 0 AND currency IS NULL
    severity: warning
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(product_views), 0) AS here FROM {batch})
      WHERE here <> (SELECT count(*) FROM silver.product_views WHERE event_date BETWEEN $from_date AND $to_date)
*/
WITH acts AS (
  SELECT event_date, brand_id, actor_id, 'view' AS act, NULL AS order_id, 0 AS amount_minor, NULL AS currency
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, brand_id, actor_id, 'cart', NULL, 0, NULL
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT l.event_date, l.brand_id, o.actor_id, 'buy', l.order_id, l.amount_minor, l.currency
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date AND o.paid_at IS NOT NULL
)
SELECT
  brand_id,
  event_date,
  count(DISTINCT CASE WHEN act = 'view' THEN actor_id END)          AS visitors,
  count(CASE WHEN act = 'view' THEN 1 END)                          AS product_views,
  count(CASE WHEN act = 'cart' THEN 1 END)                          AS cart_adds,
  count(DISTINCT order_id)                                          AS orders,
  count(DISTINCT CASE WHEN act = 'buy' THEN actor_id END)           AS buyers,
  CASE WHEN count(DISTINCT currency) <= 1 THEN sum(amount_minor) END  AS gmv_minor,
  CASE WHEN min(currency) = max(currency) THEN min(currency) END    AS currency
FROM acts
GROUP BY brand_id, event_date
