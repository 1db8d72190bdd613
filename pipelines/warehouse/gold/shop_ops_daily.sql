/*
grain: one row per shop and day on which anything happened to its orders, parcels or stock
partition: event_date
owner: insight
freshness: 26h
lookback:
  silver.shop_states: all
  silver.orders: 60    # an order is shipped, delivered or cancelled within this time
  silver.shipments: 60
columns:
  shop_id: the shop, "(unknown)" if the source has none
  brand_id: the brand whose shop it is at the day's end, "(unknown)" if it is nobody's
  event_date: reporting-local day; each column says of what [day]
  orders_placed: orders placed on the day [count]
  orders_paid: of these, paid so far [count]
  paid_minor: what the buyers of these have paid, after discounts [minor]
  refunded_orders: orders placed on the day of which money went back so far [count]
  refunds: refunds of these [count]
  refunds_minor: what went back so far [minor]
  orders_cancelled: orders cancelled on the day, of those placed in the 60 days before [count]
  parcels_shipped: parcels shipped on the day of orders placed and paid in the 60 days before [count]
  seconds_to_ship: time from payment to shipping, all these parcels together [seconds]
  median_hours_to_ship: the middle one of these times, in hours [score]
  parcels_delivered: parcels delivered on the day that were shipped in the 60 days before [count]
  seconds_to_deliver: time from shipping to delivery, all these parcels together [seconds]
  median_hours_to_deliver: the middle one of these times, in hours [score]
  skus_out: variants with nothing available at the day's end [count]
  skus_ran_out: variants whose last available piece went in the day [count]
  lost_gmv_minor: estimate of what was not sold for want of stock, as gold.stockouts_daily makes it [minor]
  currency: ISO 4217 of the amounts, which are empty if in several; empty on a day without any
expect:
  - unique: [shop_id, event_date]
  - not_null: [shop_id, brand_id, event_date]
  - between: {column: seconds_to_ship, min: 0}
  - between: {column: seconds_to_deliver, min: 0}
  - no_rows: SELECT * FROM {batch} WHERE orders_paid > orders_placed
  - no_rows: SELECT * FROM {batch} WHERE refunded_orders > refunds
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(orders_placed), 0) AS here FROM {batch})
      WHERE here <> (SELECT count(*) FROM silver.orders WHERE event_date BETWEEN $from_date AND $to_date)
*/
WITH sales AS (
  SELECT
    coalesce(o.shop_id, '(unknown)')                                AS shop_id,
    o.event_date,
    count(*)                                                        AS orders_placed,
    count(o.paid_at)                                                AS orders_paid,
    sum(CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.total_minor END)  AS paid_minor,
    CASE WHEN o.paid_at IS NOT NULL THEN o.currency END             AS currency
  FROM silver.orders AS o
  WHERE o.event_date BETWEEN $from_date AND $to_date
  GROUP BY 1, 2, 6
),
returned_money AS (
  SELECT
    coalesce(o.shop_id, '(unknown)')  AS shop_id,
    r.event_date,
    count(DISTINCT r.order_id)        AS refunded_orders,
    count(*)                          AS refunds,
    sum(r.amount_minor)               AS refunds_minor,
    r.currency
  FROM silver.refunds AS r
  LEFT JOIN silver.orders AS o ON o.order_id = r.order_id AND o.event_date = r.event_date
  WHERE r.event_date BETWEEN $from_date AND $to_date
  GROUP BY 1, 2, 6
),
cancelled AS (
  SELECT coalesce(o.shop_id, '(unknown)') AS shop_id, c.event_date
  FROM silver.cancellations AS c
  JOIN silver.orders AS o
    ON o.order_id = c.order_id
    AND o.event_date <= c.event_date
    AND date_diff('day', o.event_date, c.event_date) <= 60
  WHERE c.event_date BETWEEN $from_date AND $to_date AND o.event_date BETWEEN $from_date - 60 AND $to_date
  QUALIFY row_number() OVER (PARTITION BY c.order_id, c.event_date ORDER BY o.event_date DESC) = 1
),
shipped AS (
  SELECT
    coalesce(o.shop_id, '(unknown)')                                              AS shop_id,
    p.event_date,
    cast(epoch(p.occurred_at) AS BIGINT) - cast(epoch(o.paid_at) AS BIGINT)       AS seconds
  FROM silver.shipments AS p
  JOIN silver.orders AS o
    ON o.order_id = p.order_id
    AND o.event_date <= p.event_date
    AND date_diff('day', o.event_date, p.event_date) <= 60
  WHERE p.step = 'shipped'
    AND p.event_date BETWEEN $from_date AND $to_date
    AND o.event_date BETWEEN $from_date - 60 AND $to_date
    AND o.paid_at <= p.occurred_at
  QUALIFY row_number() OVER (PARTITION BY p.shipment_id, p.event_date ORDER BY o.event_date DESC) = 1
),
delivered AS (
  SELECT
    coalesce(o.shop_id, '(unknown)')                                              AS shop_id,
    p.event_date,
    cast(epoch(p.occurred_at) AS BIGINT) - cast(epoch(s.occurred_at) AS BIGINT)   AS seconds
  FROM silver.shipments AS p
  JOIN silver.shipments AS s
    ON s.shipment_id = p.shipment_id
    AND s.step = 'shipped'
    AND s.occurred_at <= p.occurred_at
    AND date_diff('day', s.event_date, p.event_date) <= 60
  LEFT JOIN silver.orders AS o
    ON o.order_id = p.order_id
    AND o.event_date <= p.event_date
    AND date_diff('day', o.event_date, p.event_date) <= 60
  WHERE p.step = 'delivered'
    AND p.event_date BETWEEN $from_date AND $to_date
    AND s.event_date BETWEEN $from_date - 60 AND $to_date
  QUALIFY row_number() OVER (
    PARTITION BY p.shipment_id, p.event_date ORDER BY s.occurred_at, o.event_date DESC
  ) = 1
),
facts AS (
  SELECT
    shop_id, event_date, orders_placed, orders_paid, paid_minor,
    0     AS refunded_orders,
    0     AS refunds,
    0     AS refunds_minor,
    0     AS cancelled,
    NULL  AS seconds_to_ship,
    NULL  AS seconds_to_deliver,
    0     AS skus_out,
    0     AS skus_ran_out,
    0     AS lost_gmv_minor,
    currency
  FROM sales
  UNION ALL
  SELECT shop_id, event_date, 0, 0, 0, refunded_orders, refunds, refunds_minor, 0, NULL, NULL, 0, 0, 0, currency
  FROM returned_money
  UNION ALL
  SELECT shop_id, event_date, 0, 0, 0, 0, 0, 0, 1, NULL, NULL, 0, 0, 0, NULL
  FROM cancelled
  UNION ALL
  SELECT shop_id, event_date, 0, 0, 0, 0, 0, 0, 0, seconds, NULL, 0, 0, 0, NULL
  FROM shipped
  UNION ALL
  SELECT shop_id, event_date, 0, 0, 0, 0, 0, 0, 0, NULL, seconds, 0, 0, 0, NULL
  FROM delivered
  UNION ALL
  SELECT
    shop_id, event_date, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, skus_out, skus_ran_out, coalesce(lost_gmv_minor, 0),
    CASE WHEN lost_gmv_minor > 0 THEN currency END
  FROM gold.stockouts_daily
  WHERE event_date BETWEEN $from_date AND $to_date
),
days AS (
  SELECT
    shop_id,
    event_date,
    sum(orders_placed)                        AS orders_placed,
    sum(orders_paid)                          AS orders_paid,
    sum(paid_minor)                           AS paid_minor,
    sum(refunded_orders)                      AS refunded_orders,
    sum(refunds)                              AS refunds,
    sum(refunds_minor)                        AS refunds_minor,
    sum(cancelled)                            AS orders_cancelled,
    count(seconds_to_ship)                    AS parcels_shipped,
    coalesce(sum(seconds_to_ship), 0)         AS seconds_to_ship,
    median(seconds_to_ship)                   AS median_to_ship,
    count(seconds_to_deliver)                 AS parcels_delivered,
    coalesce(sum(seconds_to_deliver), 0)      AS seconds_to_deliver,
    median(seconds_to_deliver)                AS median_to_deliver,
    sum(skus_out)                             AS skus_out,
    sum(skus_ran_out)                         AS skus_ran_out,
    sum(lost_gmv_minor)                       AS lost_gmv_minor,
    min(currency)                             AS currency,
    count(DISTINCT currency)                  AS currencies
  FROM facts
  GROUP BY shop_id, event_date
),
shop_versions AS (
  SELECT
    shop_id,
    brand_id,
    event_date                                                        AS valid_from,
    lead(event_date) OVER (PARTITION BY shop_id ORDER BY event_date)  AS valid_until
  FROM silver.shop_states
  WHERE event_date <= $to_date
)
SELECT
  d.shop_id,
  coalesce(v.brand_id, '(unknown)')                         AS brand_id,
  d.event_date,
  d.orders_placed,
  d.orders_paid,
  CASE WHEN d.currencies <= 1 THEN d.paid_minor END         AS paid_minor,
  d.refunded_orders,
  d.refunds,
  CASE WHEN d.currencies <= 1 THEN d.refunds_minor END      AS refunds_minor,
  d.orders_cancelled,
  d.parcels_shipped,
  d.seconds_to_ship,
  cast(d.median_to_ship AS DOUBLE) / 3600                   AS median_hours_to_ship,
  d.parcels_delivered,
  d.seconds_to_deliver,
  cast(d.median_to_deliver AS DOUBLE) / 3600                AS median_hours_to_deliver,
  d.skus_out,
  d.skus_ran_out,
  CASE WHEN d.currencies <= 1 THEN d.lost_gmv_minor END     AS lost_gmv_minor,
  CASE WHEN d.currencies = 1 THEN d.currency END            AS currency
FROM days AS d
LEFT JOIN shop_versions AS v
  ON v.shop_id = d.shop_id
  AND d.event_date >= v.valid_from
  AND (v.valid_until IS NULL OR d.event_date < v.valid_until)
