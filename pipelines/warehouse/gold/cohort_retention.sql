/*
grain: one row per brand, month of first purchase and month since
owner: insight
freshness: 26h
columns:
  brand_id: the brand, "(unknown)" for products without one
  cohort_month: first day of the month in which these people first paid for a product of the brand [day]
  months_since: months after the cohort's own, which is 0 [number]
  month: first day of the month that is months_since later [day]
  cohort_buyers: people of the cohort [count]
  active_buyers: of these, people who ordered and paid in the month; empty until the month is over [count]
  orders: paid orders that they placed in the month; empty until it is over [count]
  gmv_minor: price of the brand's products in these; empty until then or if in several currencies [minor]
  currency: ISO 4217 of gmv_minor, empty if there was no order
expect:
  - unique: [brand_id, cohort_month, months_since]
  - not_null: [brand_id, cohort_month, months_since, month, cohort_buyers]
  - no_rows: SELECT * FROM {batch} WHERE active_buyers > cohort_buyers OR active_buyers > orders
  - no_rows: SELECT * FROM {batch} WHERE months_since = 0 AND active_buyers <> cohort_buyers
notes: >
  Gross: refunds and verdicts take nothing away, so that the steps of a cohort are people who paid. Now is the last
  day on which an order was placed; a month is over when its last day has come. An order counts in the
  month in which it was placed. Orders of nobody in particular are left out.
*/
WITH paid_orders AS (
  SELECT
    l.brand_id,
    o.actor_id,
    o.order_id,
    o.event_date,
    o.placed_at,
    l.currency,
    sum(l.amount_minor) AS amount_minor
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE o.paid_at IS NOT NULL AND o.actor_id IS NOT NULL
  GROUP BY l.brand_id, o.actor_id, o.order_id, o.event_date, o.placed_at, l.currency
),
span AS (
  SELECT min(event_date) AS first_day, max(event_date) AS today
  FROM silver.orders
),
starts AS (
  SELECT
    unnest(generate_series(
      cast(date_trunc('month', first_day) AS DATE), cast(date_trunc('month', today) AS DATE), INTERVAL 1 MONTH
    )) AS start,
    today
  FROM span
),
months AS (
  SELECT
    cast(start AS DATE)                                 AS month,
    row_number() OVER (ORDER BY start)                  AS number,
    cast(start + INTERVAL 1 MONTH AS DATE) <= today + 1 AS is_over
  FROM starts
),
first_orders AS (
  SELECT brand_id, actor_id, cast(date_trunc('month', min(event_date)) AS DATE) AS cohort_month
  FROM paid_orders
  GROUP BY brand_id, actor_id
),
cohorts AS (
  SELECT brand_id, cohort_month, count(*) AS cohort_buyers
  FROM first_orders
  GROUP BY brand_id, cohort_month
),
activity AS (
  SELECT
    p.brand_id,
    f.cohort_month,
    cast(date_trunc('month', p.event_date) AS DATE)                           AS month,
    count(DISTINCT p.actor_id)                                                AS active_buyers,
    count(*)                                                                  AS orders,
    CASE WHEN count(DISTINCT p.currency) <= 1 THEN sum(p.amount_minor) END    AS gmv_minor,
    CASE WHEN min(p.currency) = max(p.currency) THEN min(p.currency) END      AS currency
  FROM paid_orders AS p
  JOIN first_orders AS f ON f.brand_id = p.brand_id AND f.actor_id = p.actor_id
  GROUP BY 1, 2, 3
)
SELECT
  c.brand_id,
  c.cohort_month,
  m.number - own.number                                       AS months_since,
  m.month,
  c.cohort_buyers,
  CASE WHEN m.is_over THEN coalesce(a.active_buyers, 0) END   AS active_buyers,
  CASE WHEN m.is_over THEN coalesce(a.orders, 0) END          AS orders,
  CASE
    WHEN m.is_over AND a.orders IS NULL THEN 0
    WHEN m.is_over THEN a.gmv_minor
  END                                                         AS gmv_minor,
  CASE WHEN m.is_over THEN a.currency END                      AS currency
FROM cohorts AS c
JOIN months AS own ON own.month = c.cohort_month
JOIN months AS m ON m.month >= c.cohort_month
LEFT JOIN activity AS a ON a.brand_id = c.brand_id AND a.cohort_month = c.cohort_month AND a.month = m.month
