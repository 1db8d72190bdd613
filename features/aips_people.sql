/*
grain: one row per person, brand and day on which the person met the brand or the person's stage changed
partition: event_date
owner: insight
freshness: 26h
lookback: $aips_purchase_days
columns:
  user_id: the person
  brand_id: the brand
  event_date: reporting-local day [day]
  from_stage: stage at the end of the day before, 0 if none [number]
  stage: stage at the day's end; 1 aware, 2 interested, 3 truly interested, 4 purchased, 5 shared, 0 none any more [number]
expect:
  - unique: [user_id, brand_id, event_date]
  - not_null: [user_id, brand_id, event_date, from_stage, stage]
  - between: {column: stage, min: 0, max: 5}
  - between: {column: from_stage, min: 0, max: 5}
notes: >
  The furthest stage counts. Steps hold for aips_window_days, the day itself included; a purchase for aips_purchase_days.
  Reading or opening product pages on two days or more is true interest too. Shared is who shared a note or reviewed a
  product of the brand on or after the day of a purchase. A stage other than 0 has a row within the last
  aips_purchase_days: the newest row of a person and brand up to a day is their stage on that day.
*/
WITH touches AS (
  SELECT user_id, brand_id, event_date AS touched_on, step, visits, shares
  FROM features.brand_touches_daily
  WHERE event_date BETWEEN $from_date - $aips_purchase_days AND $to_date
),
turns AS (
  SELECT user_id, brand_id, touched_on AS event_date, 1 AS is_touch
  FROM touches
  UNION ALL
  SELECT user_id, brand_id, touched_on + $aips_window_days, 0
  FROM touches
  UNION ALL
  SELECT user_id, brand_id, touched_on + $aips_purchase_days, 0
  FROM touches
  WHERE step = 4 OR shares > 0
),
ends AS (
  SELECT user_id, brand_id, event_date, 1 AS is_turn, is_touch
  FROM turns
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT user_id, brand_id, event_date - 1, 0, 0
  FROM turns
  WHERE event_date BETWEEN $from_date AND $to_date
),
days AS (
  SELECT user_id, brand_id, event_date, max(is_turn) AS is_turn, max(is_touch) AS is_touch
  FROM ends
  GROUP BY user_id, brand_id, event_date
),
held AS (
  SELECT
    d.user_id, d.brand_id, d.event_date, d.is_turn, d.is_touch,
    max(CASE WHEN t.touched_on > d.event_date - $aips_window_days THEN least(t.step, 3) ELSE 0 END) AS step,
    count(CASE WHEN t.touched_on > d.event_date - $aips_window_days AND t.visits > 0 THEN 1 END)    AS visited_days,
    min(CASE WHEN t.step = 4 THEN t.touched_on END)                                                 AS bought_on,
    max(CASE WHEN t.shares > 0 THEN t.touched_on END)                                               AS shared_on
  FROM days AS d
  LEFT JOIN touches AS t
    ON t.user_id = d.user_id
    AND t.brand_id = d.brand_id
    AND t.touched_on <= d.event_date
    AND t.touched_on > d.event_date - $aips_purchase_days
  GROUP BY d.user_id, d.brand_id, d.event_date, d.is_turn, d.is_touch
),
staged AS (
  SELECT
    user_id, brand_id, event_date, is_turn, is_touch,
    CASE
      WHEN shared_on >= bought_on THEN 5
      WHEN bought_on IS NOT NULL THEN 4
      WHEN visited_days > 1 THEN greatest(step, 3)
      ELSE step
    END AS stage
  FROM held
),
compared AS (
  SELECT
    user_id, brand_id, event_date, is_turn, is_touch, stage,
    lag(stage) OVER (PARTITION BY user_id, brand_id ORDER BY event_date) AS from_stage
  FROM staged
)
SELECT user_id, brand_id, event_date, from_stage, stage
FROM compared
WHERE is_turn = 1 AND (is_touch = 1 OR from_stage <> stage)
