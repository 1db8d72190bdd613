/*
grain: one row per order and rule that flags it
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  detector: the rule
  detector_version: version of the rule [number]
  kind: givt or sivt
  probability: how far the rule alone can be believed [score]
  case_key: one day of one shop under one rule
  reason_codes: what was counted, with the share of the day's orders below it in percent [list]
  state: live, or shadow if it only counts as yet and nothing follows from it
expect:
  - unique: [order_id, event_date, detector]
  - not_null: [order_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state]
  - in_set: {column: kind, values: [givt, sivt]}
*/
WITH orders_of_day AS (
  SELECT event_date, count(*) AS orders
  FROM silver.orders
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date
),
ranked AS (
  SELECT
    order_id, event_date, shop_id, actor_orders,
    count(*) OVER (PARTITION BY event_date ORDER BY actor_orders DESC)       AS orders_with_as_many
  FROM risk.order_concentration
  WHERE event_date BETWEEN $from_date AND $to_date
)
SELECT
  r.order_id,
  r.event_date,
  'order_concentration'                                                       AS detector,
  $order_concentration_version                                                AS detector_version,
  $order_concentration_kind                                                   AS kind,
  $order_concentration_probability                                            AS probability,
  concat('order_concentration:', r.shop_id, ':', r.event_date)                 AS case_key,
  [concat('actor_orders=', r.actor_orders, '@', 100 * (d.orders - r.orders_with_as_many) // d.orders)] AS reason_codes,
  $order_concentration_state                                                  AS state
FROM ranked AS r
JOIN orders_of_day AS d ON d.event_date = r.event_date
