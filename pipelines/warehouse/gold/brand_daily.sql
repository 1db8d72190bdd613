/*
grain: one row per brand and day on which somebody looked at, carted or ordered a product of it
partition: event_date
owner: insight
freshness: 26h
restated: true
columns:
  brand_id: the brand, "(unknown)" for products without one
  event_date: reporting-local day; orders and their refunds count on the day they were placed [day]
  visitors: distinct people who opened a product page of the brand [count]
  product_views: times a product page of the brand was opened [count]
  product_views_givt: of these, effective general invalid traffic [count]
  product_views_sivt: of these, effective sophisticated invalid traffic [count]
  product_views_pending: of these, waiting for a decision; still within net [count]
  cart_adds: times a product of the brand was put into a cart [count]
  cart_adds_givt: of these, effective general invalid traffic [count]
  cart_adds_sivt: of these, effective sophisticated invalid traffic [count]
  cart_adds_pending: of these, waiting for a decision; still within net [count]
  orders_placed: orders that hold a product of the brand, paid or not [count]
  orders: paid orders that hold a product of the brand [count]
  orders_givt: of these, effective general invalid traffic [count]
  orders_sivt: of these, effective sophisticated invalid traffic [count]
  orders_pending: of these, waiting for a decision; still within net [count]
  buyers: distinct people who paid for a product of the brand [count]
  gmv_minor: price of the brand's products in paid orders; empty if they are in several currencies [minor]
  gmv_minor_givt: of these, effective general invalid traffic [minor]
  gmv_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  gmv_minor_pending: of these, waiting for a decision; still within net [minor]
  refunded_orders: orders of which money went back for a product of the brand, so far [count]
  refunds_minor: what went back for the brand's products, so far; empty if in several currencies [minor]
  refunds_minor_givt: of these, effective general invalid traffic [minor]
  refunds_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  refunds_minor_pending: of these, waiting for a decision; still within net [minor]
  currency: ISO 4217 of the amounts, empty on a day without any
expect:
  - unique: [brand_id, event_date]
  - not_null: [brand_id, event_date]
  - between: {column: visitors, min: 0}
  - between: {column: gmv_minor, min: 0}
  - no_rows: SELECT * FROM {batch} WHERE visitors > product_views OR buyers > orders OR orders > orders_placed
  - no_rows: SELECT * FROM {batch} WHERE orders > 0 AND currency IS NULL
    severity: warning
  - no_rows: >
      SELECT * FROM {batch}
      WHERE product_views_givt + product_views_sivt + product_views_pending > product_views
         OR cart_adds_givt + cart_adds_sivt + cart_adds_pending > cart_adds
         OR orders_givt + orders_sivt + orders_pending > orders
         OR gmv_minor_givt + gmv_minor_sivt + gmv_minor_pending > gmv_minor
         OR refunds_minor_givt + refunds_minor_sivt + refunds_minor_pending > refunds_minor
  - no_rows: >
      SELECT 1 FROM (
        SELECT coalesce(sum(product_views), 0) AS views, coalesce(sum(cart_adds), 0) AS carts FROM {batch}
      )
      WHERE views <> (SELECT count(*) FROM silver.product_views WHERE event_date BETWEEN $from_date AND $to_date)
         OR carts <> (SELECT count(*) FROM silver.cart_adds WHERE event_date BETWEEN $from_date AND $to_date)
  - no_rows: >
      SELECT 1 FROM (
        SELECT
          coalesce(sum(gmv_minor), 0) AS gmv,
          coalesce(sum(refunds_minor), 0) AS refunds,
          count(*) FILTER (WHERE gmv_minor IS NULL) AS mixed
        FROM {batch}
      )
      WHERE mixed = 0 AND (
        gmv <> (
          SELECT coalesce(sum(l.amount_minor), 0)
          FROM silver.order_lines AS l
          JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
          WHERE l.event_date BETWEEN $from_date AND $to_date AND o.paid_at IS NOT NULL
        ) OR refunds <> (
          SELECT coalesce(sum(amount_minor), 0) FROM silver.refund_lines
          WHERE event_date BETWEEN $from_date AND $to_date
        )
      )
*/
WITH brand_orders AS (
  SELECT
    l.event_date,
    l.brand_id,
    l.order_id,
    o.actor_id,
    o.paid_at IS NOT NULL   AS is_paid,
    l.currency,
    sum(l.amount_minor)     AS amount_minor
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date
  GROUP BY l.event_date, l.brand_id, l.order_id, o.actor_id, o.paid_at IS NOT NULL, l.currency
),
brand_refunds AS (
  SELECT event_date, brand_id, order_id, currency, sum(amount_minor) AS amount_minor
  FROM silver.refund_lines
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, brand_id, order_id, currency
),
acts AS (
  SELECT event_date, brand_id, actor_id, 'view' AS act
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, brand_id, actor_id, 'cart'
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, brand_id, actor_id, 'payment'
  FROM brand_orders
  WHERE is_paid
),
person_days AS (
  SELECT
    event_date, brand_id, actor_id,
    count(*) FILTER (WHERE act = 'view')      AS views,
    count(*) FILTER (WHERE act = 'cart')      AS carts,
    count(*) FILTER (WHERE act = 'payment')   AS payments
  FROM acts
  GROUP BY event_date, brand_id, actor_id
),
facts AS (
  SELECT
    p.event_date,
    p.brand_id,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing,
    CASE WHEN p.actor_id IS NOT NULL AND p.views > 0 THEN 1 ELSE 0 END      AS visitors,
    p.views,
    p.carts,
    CASE WHEN p.actor_id IS NOT NULL AND p.payments > 0 THEN 1 ELSE 0 END   AS buyers,
    0                                                                       AS placed,
    0                                                                       AS orders,
    0                                                                       AS gmv_minor,
    0                                                                       AS refunded_orders,
    0                                                                       AS refunds_minor,
    NULL                                                                    AS currency
  FROM person_days AS p
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = p.actor_id AND v.event_date = p.event_date
  UNION ALL
  SELECT
    b.event_date, b.brand_id, coalesce(s.standing, 'valid'), 0, 0, 0, 0, 1,
    CASE WHEN b.is_paid THEN 1 ELSE 0 END,
    CASE WHEN b.is_paid THEN b.amount_minor ELSE 0 END,
    0, 0,
    CASE WHEN b.is_paid THEN b.currency END
  FROM brand_orders AS b
  LEFT JOIN risk.order_standings AS s ON s.order_id = b.order_id AND s.event_date = b.event_date
  UNION ALL
  SELECT
    b.event_date, b.brand_id, coalesce(s.standing, 'valid'), 0, 0, 0, 0, 0, 0, 0, 1, b.amount_minor, b.currency
  FROM brand_refunds AS b
  LEFT JOIN risk.order_standings AS s ON s.order_id = b.order_id AND s.event_date = b.event_date
),
days AS (
  SELECT
    brand_id,
    event_date,
    sum(visitors)                                                        AS visitors,
    sum(views)                                                           AS product_views,
    coalesce(sum(views) FILTER (WHERE standing = 'givt'), 0)             AS product_views_givt,
    coalesce(sum(views) FILTER (WHERE standing = 'sivt'), 0)             AS product_views_sivt,
    coalesce(sum(views) FILTER (WHERE standing = 'pending'), 0)          AS product_views_pending,
    sum(carts)                                                           AS cart_adds,
    coalesce(sum(carts) FILTER (WHERE standing = 'givt'), 0)             AS cart_adds_givt,
    coalesce(sum(carts) FILTER (WHERE standing = 'sivt'), 0)             AS cart_adds_sivt,
    coalesce(sum(carts) FILTER (WHERE standing = 'pending'), 0)          AS cart_adds_pending,
    sum(placed)                                                          AS orders_placed,
    sum(orders)                                                          AS orders,
    coalesce(sum(orders) FILTER (WHERE standing = 'givt'), 0)            AS orders_givt,
    coalesce(sum(orders) FILTER (WHERE standing = 'sivt'), 0)            AS orders_sivt,
    coalesce(sum(orders) FILTER (WHERE standing = 'pending'), 0)         AS orders_pending,
    sum(buyers)                                                          AS buyers,
    sum(gmv_minor)                                                       AS gmv_minor,
    coalesce(sum(gmv_minor) FILTER (WHERE standing = 'givt'), 0)         AS gmv_minor_givt,
    coalesce(sum(gmv_minor) FILTER (WHERE standing = 'sivt'), 0)         AS gmv_minor_sivt,
    coalesce(sum(gmv_minor) FILTER (WHERE standing = 'pending'), 0)      AS gmv_minor_pending,
    sum(refunded_orders)                                                 AS refunded_orders,
    sum(refunds_minor)                                                   AS refunds_minor,
    coalesce(sum(refunds_minor) FILTER (WHERE standing = 'givt'), 0)     AS refunds_minor_givt,
    coalesce(sum(refunds_minor) FILTER (WHERE standing = 'sivt'), 0)     AS refunds_minor_sivt,
    coalesce(sum(refunds_minor) FILTER (WHERE standing = 'pending'), 0)  AS refunds_minor_pending,
    min(currency)                                                        AS currency,
    count(DISTINCT currency)                                             AS currencies
  FROM facts
  GROUP BY brand_id, event_date
)
SELECT
  brand_id,
  event_date,
  visitors,
  product_views,
  product_views_givt,
  product_views_sivt,
  product_views_pending,
  cart_adds,
  cart_adds_givt,
  cart_adds_sivt,
  cart_adds_pending,
  orders_placed,
  orders,
  orders_givt,
  orders_sivt,
  orders_pending,
  buyers,
  CASE WHEN currencies <= 1 THEN gmv_minor END              AS gmv_minor,
  CASE WHEN currencies <= 1 THEN gmv_minor_givt END         AS gmv_minor_givt,
  CASE WHEN currencies <= 1 THEN gmv_minor_sivt END         AS gmv_minor_sivt,
  CASE WHEN currencies <= 1 THEN gmv_minor_pending END      AS gmv_minor_pending,
  refunded_orders,
  CASE WHEN currencies <= 1 THEN refunds_minor END          AS refunds_minor,
  CASE WHEN currencies <= 1 THEN refunds_minor_givt END     AS refunds_minor_givt,
  CASE WHEN currencies <= 1 THEN refunds_minor_sivt END     AS refunds_minor_sivt,
  CASE WHEN currencies <= 1 THEN refunds_minor_pending END  AS refunds_minor_pending,
  CASE WHEN currencies = 1 THEN currency END                AS currency
FROM days
