/*
grain: one row per order that is invalid or waits for a decision; all others count
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  standing: givt or sivt once effective, pending before
  case_id: the case that says so, empty while pending
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, standing]
  - in_set: {column: standing, values: [givt, sivt, pending]}
notes: >
  What was decided on the order itself stands before what was decided on its buyer's day: an order that was
  dismissed counts, whoever placed it. A verdict that is effective stands before one that is pending.
*/
WITH judged AS (
  SELECT
    o.order_id,
    o.event_date,
    CASE
      WHEN ov.state = 'effective' THEN ov.kind
      WHEN ov.state = 'dismissed' THEN 'valid'
      WHEN uv.state = 'effective' THEN uv.kind
      WHEN ov.state = 'pending' OR uv.state = 'pending' THEN 'pending'
      ELSE 'valid'
    END AS standing,
    CASE WHEN ov.state = 'effective' THEN ov.case_id ELSE uv.case_id END AS case_id
  FROM silver.orders AS o
  LEFT JOIN risk.order_verdicts AS ov ON ov.order_id = o.order_id AND ov.event_date = o.event_date
  LEFT JOIN risk.user_verdicts AS uv ON uv.actor_id = o.actor_id AND uv.event_date = o.event_date
  WHERE o.event_date BETWEEN $from_date AND $to_date
)
SELECT order_id, event_date, standing, CASE WHEN standing <> 'pending' THEN case_id END AS case_id
FROM judged
WHERE standing <> 'valid'
