/*
grain: one row per brand, month of first purchase and number of days in which people may have come back
owner: insight
freshness: 26h
columns:
  brand_id: the brand, "(unknown)" for products without one
  cohort_month: first day of the month in which these people first paid for a product of the brand [day]
  within_days: 30, 60, 90 or 180 [number]
  cohort_buyers: people of the cohort, so far [count]
  repurchasers: of these, people whose next paid order was placed so many days after the first or sooner [count]
expect:
  - unique: [brand_id, cohort_month, within_days]
  - not_null: [brand_id, cohort_month, within_days, cohort_buyers]
  - no_rows: SELECT * FROM {batch} WHERE repurchasers > cohort_buyers
notes: >
  repurchasers is empty until the cohort's month is over and each of its buyers has lived the days. Now is the last
  day on which an order was placed. A second order on the day of the first is a repurchase. Gross of refunds and
  verdicts. Orders of nobody in particular are left out.
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
latest AS (
  SELECT max(event_date) AS today
  FROM silver.orders
),
numbered AS (
  SELECT
    brand_id, actor_id, event_date,
    row_number() OVER (PARTITION BY brand_id, actor_id ORDER BY placed_at, order_id) AS number
  FROM paid_orders
),
buyers AS (
  SELECT
    brand_id,
    actor_id,
    min(event_date)                               AS first_on,
    min(CASE WHEN number = 2 THEN event_date END) AS second_on
  FROM numbered
  GROUP BY brand_id, actor_id
),
terms AS (
  SELECT unnest([30, 60, 90, 180]) AS within_days
),
cohorts AS (
  SELECT
    b.brand_id,
    cast(date_trunc('month', b.first_on) AS DATE)                                             AS cohort_month,
    t.within_days,
    count(*)                                                                                  AS cohort_buyers,
    count(*) FILTER (WHERE date_diff('day', b.first_on, b.second_on) <= t.within_days)        AS repurchasers,
    max(b.first_on)                                                                           AS last_joined_on
  FROM buyers AS b
  CROSS JOIN terms AS t
  GROUP BY 1, 2, 3
)
SELECT
  c.brand_id,
  c.cohort_month,
  c.within_days,
  c.cohort_buyers,
  CASE
    WHEN date_diff('day', c.last_joined_on, n.today) >= c.within_days
      AND cast(c.cohort_month + INTERVAL 1 MONTH AS DATE) <= n.today + 1
    THEN c.repurchasers
  END AS repurchasers
FROM cohorts AS c
CROSS JOIN latest AS n
