/*
grain: one row per return, step and day on which it was taken; told again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
columns:
  return_id: the return, as source:id
  step: requested by the buyer or received by the shop
  event_date: reporting-local day of the step [day]
  occurred_at: when it happened [UTC]
  order_id: the order, as source:id
  reason: why the buyer sends it back, empty on receipt
expect:
  - unique: [return_id, step, event_date]
  - not_null: [return_id, step, event_date, occurred_at, order_id]
  - in_set: {column: step, values: [requested, received]}
*/
WITH steps AS (
  SELECT
    concat(source, ':', data->>'$.return_id')                                 AS return_id,
    CASE WHEN type = 'return.requested' THEN 'requested' ELSE 'received' END  AS step,
    local_date(occurred_at)                                                   AS event_date,
    occurred_at,
    concat(source, ':', data->>'$.order_id')                                  AS order_id,
    data->>'$.reason'                                                         AS reason,
    row_number() OVER (
      PARTITION BY source, type, data->>'$.return_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                                                         AS attempt
  FROM bronze.events
  WHERE type IN ('return.requested', 'return.received')
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT return_id, step, event_date, occurred_at, order_id, reason
FROM steps
WHERE attempt = 1
