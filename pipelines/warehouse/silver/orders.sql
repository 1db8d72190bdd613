/*
grain: one row per order and day on which it was placed; sent again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
lookback: 1  # a payment may be dated up to a day before its order
lookahead: all
affects:
  bronze.events: |
    SELECT local_date(cast(data->>'$.placed_at' AS TIMESTAMP)) FROM changed WHERE type = 'order.paid'
    UNION
    SELECT local_date(occurred_at) FROM changed WHERE type = 'order.placed'
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  placed_at: when it was placed [UTC]
  paid_at: when it was paid in full, empty until then [UTC]
  actor_id: the buyer
  session_id: the source's own session
  total_minor: what the buyer owes, after discounts [minor]
  currency: ISO 4217
  shop_id: the shop, empty if the source has none
  discount_minor: what the offers took off [minor]
  commission_minor: what the platform keeps of total_minor once paid [minor]
  coupon_id: the coupon it was placed with
  ship_to: pseudonym of where the parcel goes
  source: who told it
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, placed_at, total_minor, currency]
  - between: {column: total_minor, min: 0}
*/
WITH placed AS (
  SELECT
    concat(source, ':', data->>'$.order_id')     AS order_id,
    local_date(occurred_at)                      AS event_date,
    occurred_at                                  AS placed_at,
    actor_id,
    session_id,
    cast(data->>'$.total_minor' AS BIGINT)       AS total_minor,
    data->>'$.currency'                          AS currency,
    data->>'$.shop_id'                           AS shop_id,
    cast(data->>'$.discount_minor' AS BIGINT)    AS discount_minor,
    cast(data->>'$.commission_minor' AS BIGINT)  AS commission_minor,
    data->>'$.coupon_id'                         AS coupon_id,
    data->>'$.ship_to'                           AS ship_to,
    source,
    row_number() OVER (
      PARTITION BY source, data->>'$.order_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                            AS attempt
  FROM bronze.events
  WHERE type = 'order.placed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
paid AS (
  SELECT
    concat(source, ':', data->>'$.order_id')                AS order_id,
    local_date(cast(data->>'$.placed_at' AS TIMESTAMP))     AS event_date,
    min(occurred_at)                                        AS paid_at
  FROM bronze.events
  WHERE type = 'order.paid' AND NOT is_duplicate
  GROUP BY 1, 2
)
SELECT
  placed.order_id,
  placed.event_date,
  placed.placed_at,
  paid.paid_at,
  placed.actor_id,
  placed.session_id,
  placed.total_minor,
  placed.currency,
  placed.shop_id,
  placed.discount_minor,
  placed.commission_minor,
  placed.coupon_id,
  placed.ship_to,
  placed.source
FROM placed
LEFT JOIN paid ON paid.order_id = placed.order_id AND paid.event_date = placed.event_date
WHERE placed.attempt = 1
