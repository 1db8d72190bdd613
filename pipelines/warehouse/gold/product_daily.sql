/*
grain: one row per product and day on which anything happened to it
partition: event_date
owner: insight
freshness: 26h
restated: true
lookback: {silver.product_states: all}
columns:
  product_id: the product
  brand_id: its brand, "(unknown)" if none
  event_date: reporting-local day; orders and their refunds count on the day they were placed [day]
  card_impressions: times its card was rendered [count]
  card_clicks: times its card was clicked [count]
  product_views: times its page was opened [count]
  product_views_givt: of these, effective general invalid traffic [count]
  product_views_sivt: of these, effective sophisticated invalid traffic [count]
  product_views_pending: of these, waiting for a decision; still within net [count]
  cart_adds: times it was put into a cart [count]
  cart_adds_givt: of these, effective general invalid traffic [count]
  cart_adds_sivt: of these, effective sophisticated invalid traffic [count]
  cart_adds_pending: of these, waiting for a decision; still within net [count]
  orders_placed: orders that hold it, paid or not [count]
  orders: paid orders that hold it [count]
  orders_givt: of these, effective general invalid traffic [count]
  orders_sivt: of these, effective sophisticated invalid traffic [count]
  orders_pending: of these, waiting for a decision; still within net [count]
  units: pieces in paid orders [count]
  gmv_minor: price of these pieces [minor]
  gmv_minor_givt: of these, effective general invalid traffic [minor]
  gmv_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  gmv_minor_pending: of these, waiting for a decision; still within net [minor]
  refunded_orders: orders of which money went back for it, so far [count]
  refunds_minor: what went back for it, so far [minor]
  refunds_minor_givt: of these, effective general invalid traffic [minor]
  refunds_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  refunds_minor_pending: of these, waiting for a decision; still within net [minor]
  reviews: reviews of it that were posted [count]
  reviews_givt: of these, effective general invalid traffic [count]
  reviews_sivt: of these, effective sophisticated invalid traffic [count]
  reviews_pending: of these, waiting for a decision; still within net [count]
  stars: stars of these reviews in all [count]
  stars_givt: of these, from effective general invalid traffic [count]
  stars_sivt: of these, from effective sophisticated invalid traffic [count]
  stars_pending: of these, from reviews that wait for a decision; still within net [count]
  price_minor: its list price at the day's end, empty if the source does not say [minor]
  currency: ISO 4217 of its list price
expect:
  - unique: [product_id, brand_id, event_date]
  - not_null: [product_id, brand_id, event_date]
  - no_rows: SELECT * FROM {batch} WHERE stars < reviews OR stars > 5 * reviews OR reviews_givt + reviews_sivt + reviews_pending > reviews
  - no_rows: >
      SELECT * FROM {batch}
      WHERE refunds_minor_givt + refunds_minor_sivt + refunds_minor_pending > refunds_minor
         OR gmv_minor_givt + gmv_minor_sivt + gmv_minor_pending > gmv_minor
  - no_rows: >
      SELECT 1 FROM (
        SELECT
          coalesce(sum(refunds_minor), 0) AS refunds,
          coalesce(sum(gmv_minor), 0) AS gmv,
          coalesce(sum(reviews), 0) AS reviews
        FROM {batch}
      )
      WHERE refunds <> (
          SELECT coalesce(sum(amount_minor), 0) FROM silver.refund_lines
          WHERE event_date BETWEEN $from_date AND $to_date
        ) OR gmv <> (
          SELECT coalesce(sum(gmv_minor), 0) FROM gold.product_funnel_daily
          WHERE event_date BETWEEN $from_date AND $to_date
        ) OR reviews <> (
          SELECT count(*) FROM silver.reviews WHERE event_date BETWEEN $from_date AND $to_date
        )
*/
WITH product_versions AS (
  SELECT
    product_id,
    brand_id,
    price_minor,
    currency,
    event_date                                                            AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date)   AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
),
product_refunds AS (
  SELECT event_date, product_id, brand_id, order_id, sum(amount_minor) AS amount_minor
  FROM silver.refund_lines
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, product_id, brand_id, order_id
),
judged_reviews AS (
  SELECT
    r.event_date,
    r.product_id,
    r.stars,
    CASE
      WHEN j.state = 'effective' THEN j.kind
      WHEN j.state = 'dismissed' THEN 'valid'
      WHEN v.state = 'effective' THEN v.kind
      WHEN j.state = 'pending' OR v.state = 'pending' THEN 'pending'
      ELSE 'valid'
    END AS standing
  FROM silver.reviews AS r
  LEFT JOIN risk.review_verdicts AS j ON j.review_id = r.review_id AND j.event_date = r.event_date
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = r.actor_id AND v.event_date = r.event_date
  WHERE r.event_date BETWEEN $from_date AND $to_date
),
reviewed AS (
  SELECT event_date, product_id, standing, count(*) AS reviews, sum(stars) AS stars
  FROM judged_reviews
  GROUP BY event_date, product_id, standing
),
facts AS (
  SELECT
    r.product_id,
    r.brand_id,
    r.event_date,
    coalesce(s.standing, 'valid')   AS standing,
    1                               AS refunded_orders,
    r.amount_minor                  AS refunds_minor,
    0                               AS reviews,
    0                               AS stars
  FROM product_refunds AS r
  LEFT JOIN risk.order_standings AS s ON s.order_id = r.order_id AND s.event_date = r.event_date
  UNION ALL
  SELECT r.product_id, coalesce(p.brand_id, '(unknown)'), r.event_date, r.standing, 0, 0, r.reviews, r.stars
  FROM reviewed AS r
  LEFT JOIN product_versions AS p
    ON p.product_id = r.product_id
    AND r.event_date >= p.valid_from
    AND (p.valid_until IS NULL OR r.event_date < p.valid_until)
),
afterwards AS (
  SELECT
    product_id,
    brand_id,
    event_date,
    sum(refunded_orders)                                                 AS refunded_orders,
    sum(refunds_minor)                                                   AS refunds_minor,
    coalesce(sum(refunds_minor) FILTER (WHERE standing = 'givt'), 0)     AS refunds_minor_givt,
    coalesce(sum(refunds_minor) FILTER (WHERE standing = 'sivt'), 0)     AS refunds_minor_sivt,
    coalesce(sum(refunds_minor) FILTER (WHERE standing = 'pending'), 0)  AS refunds_minor_pending,
    sum(reviews)                                                         AS reviews,
    coalesce(sum(reviews) FILTER (WHERE standing = 'givt'), 0)           AS reviews_givt,
    coalesce(sum(reviews) FILTER (WHERE standing = 'sivt'), 0)           AS reviews_sivt,
    coalesce(sum(reviews) FILTER (WHERE standing = 'pending'), 0)        AS reviews_pending,
    sum(stars)                                                         AS stars,
    coalesce(sum(stars) FILTER (WHERE standing = 'givt'), 0)           AS stars_givt,
    coalesce(sum(stars) FILTER (WHERE standing = 'sivt'), 0)           AS stars_sivt,
    coalesce(sum(stars) FILTER (WHERE standing = 'pending'), 0)        AS stars_pending
  FROM facts
  GROUP BY product_id, brand_id, event_date
),
funnels AS (
  SELECT *
  FROM gold.product_funnel_daily
  WHERE event_date BETWEEN $from_date AND $to_date
),
days AS (
  SELECT
    coalesce(f.product_id, e.product_id)  AS product_id,
    coalesce(f.brand_id, e.brand_id)      AS brand_id,
    coalesce(f.event_date, e.event_date)  AS event_date,
    coalesce(f.card_impressions, 0)       AS card_impressions,
    coalesce(f.card_clicks, 0)            AS card_clicks,
    coalesce(f.product_views, 0)          AS product_views,
    coalesce(f.product_views_givt, 0)     AS product_views_givt,
    coalesce(f.product_views_sivt, 0)     AS product_views_sivt,
    coalesce(f.product_views_pending, 0)  AS product_views_pending,
    coalesce(f.cart_adds, 0)              AS cart_adds,
    coalesce(f.cart_adds_givt, 0)         AS cart_adds_givt,
    coalesce(f.cart_adds_sivt, 0)         AS cart_adds_sivt,
    coalesce(f.cart_adds_pending, 0)      AS cart_adds_pending,
    coalesce(f.orders_placed, 0)          AS orders_placed,
    coalesce(f.orders, 0)                 AS orders,
    coalesce(f.orders_givt, 0)            AS orders_givt,
    coalesce(f.orders_sivt, 0)            AS orders_sivt,
    coalesce(f.orders_pending, 0)         AS orders_pending,
    coalesce(f.units, 0)                  AS units,
    coalesce(f.gmv_minor, 0)              AS gmv_minor,
    coalesce(f.gmv_minor_givt, 0)         AS gmv_minor_givt,
    coalesce(f.gmv_minor_sivt, 0)         AS gmv_minor_sivt,
    coalesce(f.gmv_minor_pending, 0)      AS gmv_minor_pending,
    coalesce(e.refunded_orders, 0)        AS refunded_orders,
    coalesce(e.refunds_minor, 0)          AS refunds_minor,
    coalesce(e.refunds_minor_givt, 0)     AS refunds_minor_givt,
    coalesce(e.refunds_minor_sivt, 0)     AS refunds_minor_sivt,
    coalesce(e.refunds_minor_pending, 0)  AS refunds_minor_pending,
    coalesce(e.reviews, 0)                AS reviews,
    coalesce(e.reviews_givt, 0)                AS reviews_givt,
    coalesce(e.reviews_sivt, 0)                AS reviews_sivt,
    coalesce(e.reviews_pending, 0)                AS reviews_pending,
    coalesce(e.stars, 0)                AS stars,
    coalesce(e.stars_givt, 0)                AS stars_givt,
    coalesce(e.stars_sivt, 0)                AS stars_sivt,
    coalesce(e.stars_pending, 0)                AS stars_pending
  FROM funnels AS f
  FULL JOIN afterwards AS e
    ON e.product_id = f.product_id AND e.brand_id = f.brand_id AND e.event_date = f.event_date
)
SELECT
  d.product_id             AS product_id,
  d.brand_id               AS brand_id,
  d.event_date             AS event_date,
  d.card_impressions       AS card_impressions,
  d.card_clicks            AS card_clicks,
  d.product_views          AS product_views,
  d.product_views_givt     AS product_views_givt,
  d.product_views_sivt     AS product_views_sivt,
  d.product_views_pending  AS product_views_pending,
  d.cart_adds              AS cart_adds,
  d.cart_adds_givt         AS cart_adds_givt,
  d.cart_adds_sivt         AS cart_adds_sivt,
  d.cart_adds_pending      AS cart_adds_pending,
  d.orders_placed          AS orders_placed,
  d.orders                 AS orders,
  d.orders_givt            AS orders_givt,
  d.orders_sivt            AS orders_sivt,
  d.orders_pending         AS orders_pending,
  d.units                  AS units,
  d.gmv_minor              AS gmv_minor,
  d.gmv_minor_givt         AS gmv_minor_givt,
  d.gmv_minor_sivt         AS gmv_minor_sivt,
  d.gmv_minor_pending      AS gmv_minor_pending,
  d.refunded_orders        AS refunded_orders,
  d.refunds_minor          AS refunds_minor,
  d.refunds_minor_givt     AS refunds_minor_givt,
  d.refunds_minor_sivt     AS refunds_minor_sivt,
  d.refunds_minor_pending  AS refunds_minor_pending,
  d.reviews                AS reviews,
  d.reviews_givt           AS reviews_givt,
  d.reviews_sivt           AS reviews_sivt,
  d.reviews_pending        AS reviews_pending,
  d.stars                  AS stars,
  d.stars_givt             AS stars_givt,
  d.stars_sivt             AS stars_sivt,
  d.stars_pending          AS stars_pending,
  p.price_minor            AS price_minor,
  p.currency               AS currency
FROM days AS d
LEFT JOIN product_versions AS p
  ON p.product_id = d.product_id
  AND d.event_date >= p.valid_from
  AND (p.valid_until IS NULL OR d.event_date < p.valid_until)
