/*
grain: one row per shop, day, reason and currency of refunds, on the day the orders were placed
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.shop_states: all}
columns:
  shop_id: the shop, "(unknown)" if the source has none
  brand_id: the brand whose shop it is at the day's end, "(unknown)" if it is nobody's
  event_date: reporting-local day on which the orders were placed [day]
  reason: why money went back
  refunds: refunds for this reason, so far [count]
  refunded_orders: orders of which money went back for this reason, so far [count]
  refunds_minor: what went back for this reason, so far [minor]
  currency: ISO 4217
expect:
  - unique: [shop_id, event_date, reason, currency]
  - not_null: [shop_id, brand_id, event_date, reason, currency]
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(refunds_minor), 0) AS here FROM {batch})
      WHERE here <> (
        SELECT coalesce(sum(amount_minor), 0) FROM silver.refunds WHERE event_date BETWEEN $from_date AND $to_date
      )
*/
WITH days AS (
  SELECT
    coalesce(o.shop_id, '(unknown)')  AS shop_id,
    r.event_date,
    r.reason,
    count(*)                          AS refunds,
    count(DISTINCT r.order_id)        AS refunded_orders,
    sum(r.amount_minor)               AS refunds_minor,
    r.currency
  FROM silver.refunds AS r
  LEFT JOIN silver.orders AS o ON o.order_id = r.order_id AND o.event_date = r.event_date
  WHERE r.event_date BETWEEN $from_date AND $to_date
  GROUP BY 1, 2, 3, 7
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
  coalesce(v.brand_id, '(unknown)')   AS brand_id,
  d.event_date,
  d.reason,
  d.refunds,
  d.refunded_orders,
  d.refunds_minor,
  d.currency
FROM days AS d
LEFT JOIN shop_versions AS v
  ON v.shop_id = d.shop_id
  AND d.event_date >= v.valid_from
  AND (v.valid_until IS NULL OR d.event_date < v.valid_until)
