/*
grain: one row per product and day on which its card was shown or somebody looked at, carted or ordered it
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.product_states: all}
columns:
  product_id: the product
  brand_id: its brand, "(unknown)" if none
  event_date: reporting-local day; orders count on the day they were placed [day]
  card_impressions: times its card was rendered [count]
  card_clicks: times its card was clicked [count]
  viewers: distinct people who opened its page [count]
  product_views: times its page was opened [count]
  product_views_givt: of these, effective general invalid traffic [count]
  product_views_sivt: of these, effective sophisticated invalid traffic [count]
  product_views_pending: of these, waiting for a decision; still within net [count]
  carters: distinct people who put it into a cart [count]
  cart_adds: times it was put into a cart [count]
  cart_adds_givt: of these, effective general invalid traffic [count]
  cart_adds_sivt: of these, effective sophisticated invalid traffic [count]
  cart_adds_pending: of these, waiting for a decision; still within net [count]
  orderers: distinct people who ordered it, paid or not [count]
  orders_placed: orders that hold it, paid or not [count]
  buyers: distinct people who paid for it [count]
  orders: paid orders that hold it [count]
  orders_givt: of these, effective general invalid traffic [count]
  orders_sivt: of these, effective sophisticated invalid traffic [count]
  orders_pending: of these, waiting for a decision; still within net [count]
  units: pieces in paid orders [count]
  gmv_minor: price of these pieces [minor]
  gmv_minor_givt: of these, effective general invalid traffic [minor]
  gmv_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  gmv_minor_pending: of these, waiting for a decision; still within net [minor]
expect:
  - unique: [product_id, brand_id, event_date]
  - not_null: [product_id, brand_id, event_date]
  - between: {column: product_views, min: 0}
  - between: {column: gmv_minor, min: 0}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE product_views_givt + product_views_sivt + product_views_pending > product_views
         OR cart_adds_givt + cart_adds_sivt + cart_adds_pending > cart_adds
         OR orders_givt + orders_sivt + orders_pending > orders
         OR gmv_minor_givt + gmv_minor_sivt + gmv_minor_pending > gmv_minor
         OR viewers > product_views OR buyers > orders OR orders > orders_placed
  - no_rows: >
      SELECT 1 FROM (
        SELECT coalesce(sum(product_views), 0) AS views, coalesce(sum(card_impressions + card_clicks), 0) AS cards
        FROM {batch}
      )
      WHERE views <> (SELECT count(*) FROM silver.product_views WHERE event_date BETWEEN $from_date AND $to_date)
         OR cards <> (SELECT count(*) FROM silver.product_card_events WHERE event_date BETWEEN $from_date AND $to_date)
notes: >
  A card does not name a brand: its product's brand at that day's end is taken. Where pages and orders name
  another brand than the catalog does, a product's day has a row for each.
*/
WITH product_versions AS (
  SELECT
    product_id,
    brand_id,
    event_date                                                            AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date)   AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
),
cards AS (
  SELECT
    event_date,
    product_id,
    count(*) FILTER (WHERE act = 'impression')  AS impressions,
    count(*) FILTER (WHERE act = 'click')       AS clicks
  FROM silver.product_card_events
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, product_id
),
product_orders AS (
  SELECT
    l.event_date,
    l.product_id,
    l.brand_id,
    l.order_id,
    o.actor_id,
    o.paid_at IS NOT NULL   AS is_paid,
    sum(l.quantity)         AS units,
    sum(l.amount_minor)     AS amount_minor
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date
  GROUP BY l.event_date, l.product_id, l.brand_id, l.order_id, o.actor_id, o.paid_at IS NOT NULL
),
acts AS (
  SELECT event_date, product_id, brand_id, actor_id, 'view' AS act
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, product_id, brand_id, actor_id, 'cart'
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, product_id, brand_id, actor_id, CASE WHEN is_paid THEN 'payment' ELSE 'order' END
  FROM product_orders
),
person_days AS (
  SELECT
    event_date, product_id, brand_id, actor_id,
    count(*) FILTER (WHERE act = 'view')                  AS views,
    count(*) FILTER (WHERE act = 'cart')                  AS carts,
    count(*) FILTER (WHERE act IN ('order', 'payment'))   AS orders,
    count(*) FILTER (WHERE act = 'payment')               AS payments
  FROM acts
  GROUP BY event_date, product_id, brand_id, actor_id
),
facts AS (
  SELECT
    p.event_date,
    p.product_id,
    p.brand_id,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing,
    0                                                                       AS impressions,
    0                                                                       AS clicks,
    CASE WHEN p.actor_id IS NOT NULL AND p.views > 0 THEN 1 ELSE 0 END      AS viewers,
    p.views,
    CASE WHEN p.actor_id IS NOT NULL AND p.carts > 0 THEN 1 ELSE 0 END      AS carters,
    p.carts,
    CASE WHEN p.actor_id IS NOT NULL AND p.orders > 0 THEN 1 ELSE 0 END     AS orderers,
    CASE WHEN p.actor_id IS NOT NULL AND p.payments > 0 THEN 1 ELSE 0 END   AS buyers,
    0                                                                       AS placed,
    0                                                                       AS orders,
    0                                                                       AS units,
    0                                                                       AS gmv_minor
  FROM person_days AS p
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = p.actor_id AND v.event_date = p.event_date
  UNION ALL
  SELECT
    b.event_date, b.product_id, b.brand_id, coalesce(s.standing, 'valid'), 0, 0, 0, 0, 0, 0, 0, 0, 1,
    CASE WHEN b.is_paid THEN 1 ELSE 0 END,
    CASE WHEN b.is_paid THEN b.units ELSE 0 END,
    CASE WHEN b.is_paid THEN b.amount_minor ELSE 0 END
  FROM product_orders AS b
  LEFT JOIN risk.order_standings AS s ON s.order_id = b.order_id AND s.event_date = b.event_date
  UNION ALL
  SELECT
    c.event_date, c.product_id, coalesce(p.brand_id, '(unknown)'), 'valid', c.impressions, c.clicks,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  FROM cards AS c
  LEFT JOIN product_versions AS p
    ON p.product_id = c.product_id
    AND c.event_date >= p.valid_from
    AND (p.valid_until IS NULL OR c.event_date < p.valid_until)
)
SELECT
  product_id,
  brand_id,
  event_date,
  sum(impressions)                                                 AS card_impressions,
  sum(clicks)                                                      AS card_clicks,
  sum(viewers)                                                     AS viewers,
  sum(views)                                                       AS product_views,
  coalesce(sum(views) FILTER (WHERE standing = 'givt'), 0)         AS product_views_givt,
  coalesce(sum(views) FILTER (WHERE standing = 'sivt'), 0)         AS product_views_sivt,
  coalesce(sum(views) FILTER (WHERE standing = 'pending'), 0)      AS product_views_pending,
  sum(carters)                                                     AS carters,
  sum(carts)                                                       AS cart_adds,
  coalesce(sum(carts) FILTER (WHERE standing = 'givt'), 0)         AS cart_adds_givt,
  coalesce(sum(carts) FILTER (WHERE standing = 'sivt'), 0)         AS cart_adds_sivt,
  coalesce(sum(carts) FILTER (WHERE standing = 'pending'), 0)      AS cart_adds_pending,
  sum(orderers)                                                    AS orderers,
  sum(placed)                                                      AS orders_placed,
  sum(buyers)                                                      AS buyers,
  sum(orders)                                                      AS orders,
  coalesce(sum(orders) FILTER (WHERE standing = 'givt'), 0)        AS orders_givt,
  coalesce(sum(orders) FILTER (WHERE standing = 'sivt'), 0)        AS orders_sivt,
  coalesce(sum(orders) FILTER (WHERE standing = 'pending'), 0)     AS orders_pending,
  sum(units)                                                       AS units,
  sum(gmv_minor)                                                   AS gmv_minor,
  coalesce(sum(gmv_minor) FILTER (WHERE standing = 'givt'), 0)     AS gmv_minor_givt,
  coalesce(sum(gmv_minor) FILTER (WHERE standing = 'sivt'), 0)     AS gmv_minor_sivt,
  coalesce(sum(gmv_minor) FILTER (WHERE standing = 'pending'), 0)  AS gmv_minor_pending
FROM facts
GROUP BY product_id, brand_id, event_date
