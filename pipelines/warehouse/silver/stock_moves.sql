/*
grain: one row per move of stock and day on which it happened; told again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
columns:
  move_id: the move, as source:id
  event_date: reporting-local day of the move [day]
  occurred_at: when it happened [UTC]
  sku_id: the variant
  kind: received, reserved, released, shipped, returned or corrected
  quantity: change of what the kind moves [number]
  on_hand: pieces in the warehouse after the move [count]
  reserved: of these, promised to orders after the move [count]
  order_id: the order that it is for, as source:id; empty if for none
expect:
  - unique: [move_id, event_date]
  - not_null: [move_id, event_date, occurred_at, sku_id, kind, quantity, on_hand, reserved]
*/
WITH moves AS (
  SELECT
    concat(source, ':', data->>'$.move_id')   AS move_id,
    local_date(occurred_at)                   AS event_date,
    occurred_at,
    data->>'$.sku_id'                         AS sku_id,
    data->>'$.kind'                           AS kind,
    cast(data->>'$.quantity' AS BIGINT)       AS quantity,
    cast(data->>'$.on_hand' AS BIGINT)        AS on_hand,
    cast(data->>'$.reserved' AS BIGINT)       AS reserved,
    CASE WHEN data->>'$.order_id' IS NOT NULL THEN concat(source, ':', data->>'$.order_id') END AS order_id,
    row_number() OVER (
      PARTITION BY source, data->>'$.move_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                         AS attempt
  FROM bronze.events
  WHERE type = 'stock.moved'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT move_id, event_date, occurred_at, sku_id, kind, quantity, on_hand, reserved, order_id
FROM moves
WHERE attempt = 1
