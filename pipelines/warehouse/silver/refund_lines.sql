/*
grain: one row per refund and line of its order, on the day the order was placed
partition: event_date
owner: shop
freshness: 26h
columns:
  refund_id: the refund, as source:id
  order_id: the order, as source:id
  line_number: position of the line within the order, 0 if the order is unknown [number]
  event_date: reporting-local day on which the order was placed [day]
  refunded_on: reporting-local day on which the money went back [day]
  product_id: the product, "(unknown)" if the order is unknown
  brand_id: its brand, "(unknown)" if none
  shop_id: the order's shop, empty if the source has none
  amount_minor: the line's part of what went back [minor]
  currency: ISO 4217
  reason: why
expect:
  - unique: [refund_id, event_date, line_number]
  - not_null: [refund_id, order_id, line_number, event_date, product_id, brand_id, amount_minor]
  - between: {column: amount_minor, min: 0}
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(amount_minor), 0) AS here FROM {batch})
      WHERE here <> (
        SELECT coalesce(sum(amount_minor), 0) FROM silver.refunds WHERE event_date BETWEEN $from_date AND $to_date
      )
notes: >
  A refund is money of a whole order. Each line takes the part that its price has in the order's price;
  whole units are cut off along the running sum, so that the parts always add up to the refund.
*/
WITH parts AS (
  SELECT
    r.refund_id,
    r.order_id,
    coalesce(l.line_number, 0)                                                            AS line_number,
    r.event_date,
    r.refunded_on,
    coalesce(l.product_id, '(unknown)')                                                   AS product_id,
    coalesce(l.brand_id, '(unknown)')                                                     AS brand_id,
    l.shop_id,
    r.amount_minor                                                                        AS refund_minor,
    l.amount_minor                                                                        AS line_minor,
    sum(l.amount_minor) OVER (PARTITION BY r.refund_id, r.event_date)                     AS order_minor,
    sum(l.amount_minor) OVER (
      PARTITION BY r.refund_id, r.event_date ORDER BY l.line_number
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )                                                                                     AS running_minor,
    r.currency,
    r.reason
  FROM silver.refunds AS r
  LEFT JOIN silver.order_lines AS l ON l.order_id = r.order_id AND l.event_date = r.event_date
  WHERE r.event_date BETWEEN $from_date AND $to_date
)
SELECT
  refund_id,
  order_id,
  line_number,
  event_date,
  refunded_on,
  product_id,
  brand_id,
  shop_id,
  CASE
    WHEN order_minor > 0 THEN
      refund_minor * running_minor // nullif(order_minor, 0)
      - refund_minor * (running_minor - line_minor) // nullif(order_minor, 0)
    WHEN line_number <= 1 THEN refund_minor
    ELSE 0
  END AS amount_minor,
  currency,
  reason
FROM parts
