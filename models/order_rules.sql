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
  probability: 1, a rule does not doubt [score]
  case_key: one day of one shop under one rule
  reason_codes: what was counted, with the percentile among all orders of the day [list]
expect:
  - unique: [order_id, event_date, detector]
  - not_null: [order_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes]
  - in_set: {column: kind, values: [givt, sivt]}
*/
SELECT
  order_id,
  event_date,
  'order_concentration'                                           AS detector,
  $order_concentration_version                                    AS detector_version,
  $order_concentration_kind                                       AS kind,
  cast(1 AS DOUBLE)                                               AS probability,
  concat('order_concentration:', shop_id, ':', event_date)        AS case_key,
  [concat('actor_orders=', actor_orders)]                         AS reason_codes
FROM risk.order_concentration
WHERE event_date BETWEEN $from_date AND $to_date
