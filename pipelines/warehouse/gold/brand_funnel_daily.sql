/*
grain: one row per brand, day and period length in days; the period ends with the day
partition: event_date
owner: insight
freshness: 26h
lookback: 90
columns:
  brand_id: the brand, "(unknown)" for products without one
  event_date: last reporting-local day of the period [day]
  period_days: length of the period; 1, 7, 28 or 91 [number]
  reached_view: distinct people who looked at, carted, ordered or bought within the period [count]
  reached_cart: of these, people who carted, ordered or bought [count]
  reached_order: of these, people who ordered or bought [count]
  reached_payment: of these, people who bought [count]
expect:
  - unique: [brand_id, event_date, period_days]
  - not_null: [brand_id, event_date, period_days]
  - no_rows: >
      SELECT * FROM {batch}
      WHERE reached_cart > reached_view OR reached_order > reached_cart OR reached_payment > reached_order
*/
WITH acts AS (
  SELECT event_date, brand_id, actor_id, 1 AS step
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date - 90 AND $to_date
  UNION ALL
  SELECT event_date, brand_id, actor_id, 2
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date - 90 AND $to_date
  UNION ALL
  SELECT l.event_date, l.brand_id, o.actor_id, CASE WHEN o.paid_at IS NULL THEN 3 ELSE 4 END
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date - 90 AND $to_date
),
person_days AS (
  SELECT event_date AS acted_on, brand_id, actor_id, max(step) AS step
  FROM acts
  WHERE actor_id IS NOT NULL
  GROUP BY event_date, brand_id, actor_id
),
ends AS (
  SELECT cast(day AS DATE) AS event_date
  FROM (SELECT unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS day) AS days
),
periods AS (
  SELECT unnest([1, 7, 28, 91]) AS period_days
),
furthest AS (
  SELECT
    ends.event_date, periods.period_days, person_days.brand_id, person_days.actor_id, max(person_days.step) AS step
  FROM ends
  CROSS JOIN periods
  JOIN person_days
    ON person_days.acted_on <= ends.event_date
    AND date_diff('day', person_days.acted_on, ends.event_date) < periods.period_days
  GROUP BY ends.event_date, periods.period_days, person_days.brand_id, person_days.actor_id
)
SELECT
  brand_id,
  event_date,
  period_days,
  count(*)                            AS reached_view,
  count(*) FILTER (WHERE step >= 2)   AS reached_cart,
  count(*) FILTER (WHERE step >= 3)   AS reached_order,
  count(*) FILTER (WHERE step >= 4)   AS reached_payment
FROM furthest
GROUP BY brand_id, event_date, period_days
