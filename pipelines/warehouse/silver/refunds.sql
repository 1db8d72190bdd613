/*
grain: one row per refund, on the day its order was placed; sent again, the first counts
partition: event_date
owner: shop
freshness: 26h
lookback: 1  # a refund may be dated up to a day before its order
lookahead: all
affects:
  bronze.events: |
    SELECT local_date(cast(data->>'$.placed_at' AS TIMESTAMP)) FROM changed WHERE type = 'order.refunded'
columns:
  refund_id: the refund, as source:id
  order_id: the order, as source:id
  event_date: reporting-local day on which the order was placed [day]
  refunded_at: when the money went back [UTC]
  refunded_on: reporting-local day of refunded_at [day]
  amount_minor: what went back to the buyer [minor]
  currency: ISO 4217
  reason: why
  return_id: what was sent back, as source:id; empty if nothing was
expect:
  - unique: [refund_id, event_date]
  - not_null: [refund_id, order_id, event_date, refunded_at, refunded_on, amount_minor, currency, reason]
  - between: {column: amount_minor, min: 0}
*/
WITH refunded AS (
  SELECT
    concat(source, ':', data->>'$.refund_id')             AS refund_id,
    concat(source, ':', data->>'$.order_id')              AS order_id,
    local_date(cast(data->>'$.placed_at' AS TIMESTAMP))   AS event_date,
    occurred_at                                           AS refunded_at,
    local_date(occurred_at)                               AS refunded_on,
    cast(data->>'$.amount_minor' AS BIGINT)               AS amount_minor,
    data->>'$.currency'                                   AS currency,
    data->>'$.reason'                                     AS reason,
    CASE WHEN data->>'$.return_id' IS NOT NULL THEN concat(source, ':', data->>'$.return_id') END AS return_id,
    row_number() OVER (
      PARTITION BY source, data->>'$.refund_id', local_date(cast(data->>'$.placed_at' AS TIMESTAMP))
      ORDER BY occurred_at, event_id
    )                                                     AS attempt
  FROM bronze.events
  WHERE type = 'order.refunded'
    AND NOT is_duplicate
    AND local_date(cast(data->>'$.placed_at' AS TIMESTAMP)) BETWEEN $from_date AND $to_date
)
SELECT refund_id, order_id, event_date, refunded_at, refunded_on, amount_minor, currency, reason, return_id
FROM refunded
WHERE attempt = 1
