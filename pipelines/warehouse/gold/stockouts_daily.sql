/*
grain: one row per product and day on which a variant of it could not be bought for want of stock
partition: event_date
owner: insight
freshness: 26h
lookback:
  silver.stock_moves: all
  silver.sku_states: all
  silver.product_states: all
  gold.product_funnel_daily: 27
columns:
  product_id: the product
  brand_id: its brand at the day's end, "(unknown)" if none
  shop_id: the shop that sells it, "(unknown)" if the source does not say
  event_date: reporting-local day [day]
  skus_out: variants with nothing available at the day's end [count]
  skus_ran_out: variants whose last available piece went in the day [count]
  views_while_out: times its page was opened while no variant was available [count]
  lost_gmv_minor: estimate of what these views would have bought [minor]
  price_minor: its list price at the day's end [minor]
  currency: ISO 4217 of its list price
expect:
  - unique: [product_id, event_date]
  - not_null: [product_id, brand_id, shop_id, event_date, skus_out, skus_ran_out, views_while_out]
  - no_rows: SELECT * FROM {batch} WHERE skus_out + skus_ran_out + views_while_out = 0
notes: >
  Available is what is on hand and not reserved. The estimate is views while out, times paid orders by views of the
  product's 28 days that end with the day, times its list price. It takes no account of people who wait or buy
  something else instead, nor of those who do not find the product because it is out. A variant belongs
  to the product of its first state; one of which no stock was ever told is not looked at.
*/
WITH skus AS (
  SELECT sku_id, product_id, event_date AS known_on
  FROM silver.sku_states
  WHERE event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY sku_id ORDER BY event_date) = 1
),
levels AS (
  SELECT s.product_id, m.sku_id, m.move_id, m.occurred_at, m.event_date, m.on_hand <= m.reserved AS is_out
  FROM silver.stock_moves AS m
  JOIN skus AS s ON s.sku_id = m.sku_id AND s.known_on <= m.event_date
  WHERE m.event_date <= $to_date
),
compared AS (
  SELECT
    product_id, sku_id, occurred_at, event_date, is_out,
    lag(is_out) OVER (PARTITION BY sku_id ORDER BY occurred_at, move_id) AS was_out
  FROM levels
),
turns AS (
  SELECT
    product_id, sku_id, occurred_at, event_date,
    CASE WHEN was_out IS NULL THEN 1 ELSE 0 END                               AS is_first,
    CASE WHEN is_out THEN 1 WHEN was_out THEN -1 ELSE 0 END                   AS turned_out
  FROM compared
  WHERE was_out IS NULL OR is_out <> was_out
),
instants AS (
  SELECT product_id, occurred_at, event_date, sum(is_first) AS known, sum(turned_out) AS turned_out
  FROM turns
  GROUP BY product_id, occurred_at, event_date
),
spells AS (
  SELECT
    product_id,
    occurred_at                                                             AS began_at,
    event_date                                                              AS began_on,
    lead(occurred_at) OVER (PARTITION BY product_id ORDER BY occurred_at)   AS ended_at,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY occurred_at)    AS ended_on,
    sum(known) OVER (
      PARTITION BY product_id ORDER BY occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )                                                                       AS skus,
    sum(turned_out) OVER (
      PARTITION BY product_id ORDER BY occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )                                                                       AS skus_out
  FROM instants
),
ends AS (
  SELECT cast(day AS DATE) AS event_date
  FROM (SELECT unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS day) AS days
),
parts AS (
  SELECT s.product_id, e.event_date, s.skus_out, 0 AS skus_ran_out, 0 AS views_while_out
  FROM spells AS s
  JOIN ends AS e ON e.event_date >= s.began_on AND (s.ended_on IS NULL OR e.event_date < s.ended_on)
  WHERE s.skus_out > 0
  UNION ALL
  SELECT product_id, event_date, 0, count(DISTINCT sku_id), 0
  FROM turns
  WHERE turned_out = 1 AND is_first = 0 AND event_date >= $from_date
  GROUP BY product_id, event_date
  UNION ALL
  SELECT v.product_id, v.event_date, 0, 0, count(*)
  FROM silver.product_views AS v
  JOIN spells AS s
    ON s.product_id = v.product_id
    AND v.occurred_at >= s.began_at
    AND (s.ended_at IS NULL OR v.occurred_at < s.ended_at)
  WHERE v.event_date BETWEEN $from_date AND $to_date AND s.skus_out = s.skus
  GROUP BY v.product_id, v.event_date
),
days AS (
  SELECT
    product_id,
    event_date,
    sum(skus_out)         AS skus_out,
    sum(skus_ran_out)     AS skus_ran_out,
    sum(views_while_out)  AS views_while_out
  FROM parts
  GROUP BY product_id, event_date
),
conversions AS (
  SELECT d.product_id, d.event_date, sum(f.product_views) AS views, sum(f.orders) AS orders
  FROM days AS d
  JOIN gold.product_funnel_daily AS f
    ON f.product_id = d.product_id
    AND f.event_date <= d.event_date
    AND date_diff('day', f.event_date, d.event_date) < 28
  WHERE d.views_while_out > 0 AND f.event_date BETWEEN $from_date - 27 AND $to_date
  GROUP BY d.product_id, d.event_date
),
product_versions AS (
  SELECT
    product_id,
    brand_id,
    shop_id,
    price_minor,
    currency,
    event_date                                                            AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date)   AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
)
SELECT
  d.product_id,
  coalesce(p.brand_id, '(unknown)')   AS brand_id,
  coalesce(p.shop_id, '(unknown)')    AS shop_id,
  d.event_date,
  d.skus_out,
  d.skus_ran_out,
  d.views_while_out,
  cast(
    round(cast(d.views_while_out * coalesce(c.orders, 0) * p.price_minor AS DOUBLE) / nullif(greatest(c.views, 1), 0))
    AS BIGINT
  )                                   AS lost_gmv_minor,
  p.price_minor,
  p.currency
FROM days AS d
LEFT JOIN conversions AS c ON c.product_id = d.product_id AND c.event_date = d.event_date
LEFT JOIN product_versions AS p
  ON p.product_id = d.product_id
  AND d.event_date >= p.valid_from
  AND (p.valid_until IS NULL OR d.event_date < p.valid_until)
