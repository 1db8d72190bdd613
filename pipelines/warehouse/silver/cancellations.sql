/*
grain: one row per order and day on which it was cancelled before it was shipped; told again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was cancelled [day]
  occurred_at: when it was cancelled [UTC]
  reason: why
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, occurred_at, reason]
*/
WITH cancelled AS (
  SELECT
    concat(source, ':', data->>'$.order_id')  AS order_id,
    local_date(occurred_at)                   AS event_date,
    occurred_at,
    data->>'$.reason'                         AS reason,
    row_number() OVER (
      PARTITION BY source, data->>'$.order_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                         AS attempt
  FROM bronze.events
  WHERE type = 'order.cancelled'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT order_id, event_date, occurred_at, reason
FROM cancelled
WHERE attempt = 1
