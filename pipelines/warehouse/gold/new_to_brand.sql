/*
grain: one row per brand and day on which somebody placed an order for it and paid
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.orders: $new_to_brand_lookback_days, silver.order_lines: $new_to_brand_lookback_days}
columns:
  brand_id: the brand, "(unknown)" for products without one
  event_date: reporting-local day on which the orders were placed [day]
  new_orders: paid orders of people who are new to the brand [count]
  new_orders_givt: of these, effective general invalid traffic [count]
  new_orders_sivt: of these, effective sophisticated invalid traffic [count]
  new_orders_pending: of these, waiting for a decision; still within net [count]
  returning_orders: paid orders of people who had bought of the brand before [count]
  returning_orders_givt: of these, effective general invalid traffic [count]
  returning_orders_sivt: of these, effective sophisticated invalid traffic [count]
  returning_orders_pending: of these, waiting for a decision; still within net [count]
  new_buyers: distinct people who are new to the brand [count]
  returning_buyers: distinct people who had bought of it before [count]
  new_gmv_minor: price of the brand's products in orders of new people; empty if in several currencies [minor]
  new_gmv_minor_givt: of these, effective general invalid traffic [minor]
  new_gmv_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  new_gmv_minor_pending: of these, waiting for a decision; still within net [minor]
  returning_gmv_minor: price of the brand's products in orders of returning people; empty likewise [minor]
  returning_gmv_minor_givt: of these, effective general invalid traffic [minor]
  returning_gmv_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  returning_gmv_minor_pending: of these, waiting for a decision; still within net [minor]
  currency: ISO 4217 of the amounts
expect:
  - unique: [brand_id, event_date]
  - not_null: [brand_id, event_date]
  - no_rows: >
      SELECT * FROM {batch}
      WHERE new_orders_givt + new_orders_sivt + new_orders_pending > new_orders
         OR returning_orders_givt + returning_orders_sivt + returning_orders_pending > returning_orders
         OR new_gmv_minor_givt + new_gmv_minor_sivt + new_gmv_minor_pending > new_gmv_minor
         OR returning_gmv_minor_givt + returning_gmv_minor_sivt + returning_gmv_minor_pending > returning_gmv_minor
         OR new_buyers > new_orders OR returning_buyers > returning_orders
notes: >
  A person is new to a brand on a day if none of the days that the lookback reaches holds a paid order of
  theirs for it; all their orders of that day are then orders of a new person. Orders of nobody in particular
  are left out, so that new and returning ones may be fewer than gold.brand_daily's.
*/
WITH paid_orders AS (
  SELECT
    l.event_date,
    l.brand_id,
    l.order_id,
    o.actor_id,
    l.currency,
    sum(l.amount_minor) AS amount_minor
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date - $new_to_brand_lookback_days AND $to_date
    AND o.paid_at IS NOT NULL
    AND o.actor_id IS NOT NULL
  GROUP BY l.event_date, l.brand_id, l.order_id, o.actor_id, l.currency
),
buyer_days AS (
  SELECT DISTINCT brand_id, actor_id, event_date
  FROM paid_orders
),
compared AS (
  SELECT
    brand_id, actor_id, event_date,
    lag(event_date) OVER (PARTITION BY brand_id, actor_id ORDER BY event_date) AS previous_on
  FROM buyer_days
),
judged AS (
  SELECT
    p.event_date,
    p.brand_id,
    p.actor_id,
    p.currency,
    p.amount_minor,
    coalesce(s.standing, 'valid') AS standing,
    c.previous_on IS NULL
      OR date_diff('day', c.previous_on, c.event_date) > $new_to_brand_lookback_days AS is_new
  FROM paid_orders AS p
  JOIN compared AS c ON c.brand_id = p.brand_id AND c.actor_id = p.actor_id AND c.event_date = p.event_date
  LEFT JOIN risk.order_standings AS s ON s.order_id = p.order_id AND s.event_date = p.event_date
  WHERE p.event_date BETWEEN $from_date AND $to_date
),
days AS (
  SELECT
    brand_id,
    event_date,
    count(*) FILTER (WHERE is_new)                                                     AS new_orders,
    count(*) FILTER (WHERE is_new AND standing = 'givt')                               AS new_orders_givt,
    count(*) FILTER (WHERE is_new AND standing = 'sivt')                               AS new_orders_sivt,
    count(*) FILTER (WHERE is_new AND standing = 'pending')                            AS new_orders_pending,
    count(*) FILTER (WHERE NOT is_new)                                                 AS returning_orders,
    count(*) FILTER (WHERE NOT is_new AND standing = 'givt')                           AS returning_orders_givt,
    count(*) FILTER (WHERE NOT is_new AND standing = 'sivt')                           AS returning_orders_sivt,
    count(*) FILTER (WHERE NOT is_new AND standing = 'pending')                        AS returning_orders_pending,
    count(DISTINCT CASE WHEN is_new THEN actor_id END)                                 AS new_buyers,
    count(DISTINCT CASE WHEN NOT is_new THEN actor_id END)                             AS returning_buyers,
    coalesce(sum(amount_minor) FILTER (WHERE is_new), 0)                               AS new_gmv_minor,
    coalesce(sum(amount_minor) FILTER (WHERE is_new AND standing = 'givt'), 0)         AS new_gmv_minor_givt,
    coalesce(sum(amount_minor) FILTER (WHERE is_new AND standing = 'sivt'), 0)         AS new_gmv_minor_sivt,
    coalesce(sum(amount_minor) FILTER (WHERE is_new AND standing = 'pending'), 0)      AS new_gmv_minor_pending,
    coalesce(sum(amount_minor) FILTER (WHERE NOT is_new), 0)                           AS returning_gmv_minor,
    coalesce(sum(amount_minor) FILTER (WHERE NOT is_new AND standing = 'givt'), 0)     AS returning_gmv_minor_givt,
    coalesce(sum(amount_minor) FILTER (WHERE NOT is_new AND standing = 'sivt'), 0)     AS returning_gmv_minor_sivt,
    coalesce(sum(amount_minor) FILTER (WHERE NOT is_new AND standing = 'pending'), 0)  AS returning_gmv_minor_pending,
    min(currency)                                                                      AS currency,
    count(DISTINCT currency)                                                           AS currencies
  FROM judged
  GROUP BY brand_id, event_date
)
SELECT
  brand_id,
  event_date,
  new_orders,
  new_orders_givt,
  new_orders_sivt,
  new_orders_pending,
  returning_orders,
  returning_orders_givt,
  returning_orders_sivt,
  returning_orders_pending,
  new_buyers,
  returning_buyers,
  CASE WHEN currencies = 1 THEN new_gmv_minor END                AS new_gmv_minor,
  CASE WHEN currencies = 1 THEN new_gmv_minor_givt END           AS new_gmv_minor_givt,
  CASE WHEN currencies = 1 THEN new_gmv_minor_sivt END           AS new_gmv_minor_sivt,
  CASE WHEN currencies = 1 THEN new_gmv_minor_pending END        AS new_gmv_minor_pending,
  CASE WHEN currencies = 1 THEN returning_gmv_minor END          AS returning_gmv_minor,
  CASE WHEN currencies = 1 THEN returning_gmv_minor_givt END     AS returning_gmv_minor_givt,
  CASE WHEN currencies = 1 THEN returning_gmv_minor_sivt END     AS returning_gmv_minor_sivt,
  CASE WHEN currencies = 1 THEN returning_gmv_minor_pending END  AS returning_gmv_minor_pending,
  CASE WHEN currencies = 1 THEN currency END                     AS currency
FROM days
