/*
grain: one row per parcel, step and day on which it was taken; told again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
columns:
  shipment_id: the parcel, as source:id
  order_id: the order, as source:id
  step: shipped by the shop or delivered to the buyer
  event_date: reporting-local day of the step [day]
  occurred_at: when it happened [UTC]
  carrier: who carries it, empty on delivery
  weight_grams: what it weighs, empty on delivery [count]
expect:
  - unique: [shipment_id, step, event_date]
  - not_null: [shipment_id, order_id, step, event_date, occurred_at]
  - in_set: {column: step, values: [shipped, delivered]}
*/
WITH steps AS (
  SELECT
    concat(source, ':', data->>'$.shipment_id')                           AS shipment_id,
    concat(source, ':', data->>'$.order_id')                              AS order_id,
    CASE WHEN type = 'order.shipped' THEN 'shipped' ELSE 'delivered' END  AS step,
    local_date(occurred_at)                                               AS event_date,
    occurred_at,
    data->>'$.carrier'                                                    AS carrier,
    cast(data->>'$.weight_grams' AS BIGINT)                               AS weight_grams,
    row_number() OVER (
      PARTITION BY source, type, data->>'$.shipment_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                                                     AS attempt
  FROM bronze.events
  WHERE type IN ('order.shipped', 'order.delivered')
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT shipment_id, order_id, step, event_date, occurred_at, carrier, weight_grams
FROM steps
WHERE attempt = 1
