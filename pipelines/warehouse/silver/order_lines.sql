/*
grain: one row per line of an order, on the day the order was placed
partition: event_date
owner: shop
freshness: 26h
columns:
  order_id: the order, as source:id
  line_number: position within the order, from 1 [number]
  event_date: reporting-local day on which the order was placed [day]
  product_id: the product
  brand_id: its brand, "(unknown)" if none
  quantity: pieces [count]
  unit_price_minor: price of one piece [minor]
  amount_minor: price of all pieces, before discounts on the order [minor]
  currency: ISO 4217
  sku_id: the variant, empty if the source has none
  note_id: the note that led here
  shop_id: the order's shop, empty if the source has none
expect:
  - unique: [order_id, event_date, line_number]
  - not_null: [order_id, event_date, product_id, brand_id, quantity, amount_minor]
  - between: {column: quantity, min: 1}
  - between: {column: amount_minor, min: 0}
*/
WITH placed AS (
  SELECT
    concat(source, ':', data->>'$.order_id')  AS order_id,
    local_date(occurred_at)                   AS event_date,
    json_objects(data, '$.lines')             AS lines,
    data->>'$.currency'                       AS currency,
    data->>'$.shop_id'                        AS shop_id,
    row_number() OVER (
      PARTITION BY source, data->>'$.order_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                         AS attempt
  FROM bronze.events
  WHERE type = 'order.placed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
positions AS (
  SELECT order_id, event_date, lines, currency, shop_id, unnest(generate_series(1, array_length(lines))) AS line_number
  FROM placed
  WHERE attempt = 1
),
items AS (
  SELECT order_id, event_date, currency, shop_id, line_number, lines[line_number] AS item
  FROM positions
)
SELECT
  order_id,
  line_number,
  event_date,
  item->>'$.product_id'                                                                     AS product_id,
  coalesce(item->>'$.brand_id', '(unknown)')                                                AS brand_id,
  cast(item->>'$.quantity' AS BIGINT)                                                       AS quantity,
  cast(item->>'$.unit_price_minor' AS BIGINT)                                               AS unit_price_minor,
  cast(item->>'$.quantity' AS BIGINT) * cast(item->>'$.unit_price_minor' AS BIGINT)         AS amount_minor,
  currency,
  item->>'$.sku_id'                                                                         AS sku_id,
  item->>'$.note_id'                                                                        AS note_id,
  shop_id
FROM items
