/*
grain: one row per order, with how many buyers share what its buyer orders with
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.orders: 28, silver.payments: 28, silver.identity_days: 28}
lookahead: {silver.orders: 14, silver.payments: 15, silver.identity_days: 14}
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  ship_to_buyers: buyers who had parcels sent to its address [count]
  instrument_buyers: buyers who paid with what pays for it, 0 until it is paid [count]
  device_buyers: the most buyers on one of its buyer's devices of the day [count]
  address_buyers: the most buyers behind one of its buyer's network addresses of the day [count]
  shop_ship_to_buyers: of ship_to_buyers, those who did so at its shop [count]
  shop_instrument_buyers: of instrument_buyers, those who did so at its shop [count]
  shop_device_buyers: the most buyers of its shop on one of its buyer's devices of the day [count]
  shop_address_buyers: the most buyers of its shop behind one of its buyer's addresses of the day [count]
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, ship_to_buyers, instrument_buyers, device_buyers, address_buyers]
  - no_rows: SELECT * FROM {batch} WHERE shop_ship_to_buyers > ship_to_buyers OR shop_device_buyers > device_buyers
notes: >
  Counted are buyers who ordered in the 28 days before the order and the 14 days after it, the order's own among them.
  A buyer stands from 14 days before a day of ordering until 28 days after it, and comings and goings are added up
  over time: linear in the orders, so an address that a campus shares costs no pairs.
*/
WITH placed AS (
  SELECT order_id, event_date, actor_id, coalesce(shop_id, '') AS shop_id, ship_to
  FROM silver.orders
  WHERE event_date BETWEEN $from_date - 28 AND $to_date + 14 AND actor_id IS NOT NULL
),
paid_with AS (
  SELECT DISTINCT o.order_id, o.event_date, o.actor_id, o.shop_id, p.instrument
  FROM placed AS o
  JOIN silver.payments AS p
    ON p.order_id = o.order_id AND p.event_date BETWEEN o.event_date AND o.event_date + 1
  WHERE p.event_date BETWEEN $from_date - 28 AND $to_date + 15 AND p.instrument IS NOT NULL
),
seen_with AS (
  SELECT o.order_id, o.event_date, o.actor_id, o.shop_id, i.device_id, i.address
  FROM placed AS o
  JOIN silver.identity_days AS i ON i.actor_id = o.actor_id AND i.event_date = o.event_date
  WHERE i.event_date BETWEEN $from_date - 28 AND $to_date + 14
),
uses AS (
  SELECT 'ship_to' AS kind, ship_to AS thing, shop_id, actor_id, event_date, order_id FROM placed WHERE ship_to IS NOT NULL
  UNION ALL
  SELECT 'instrument', instrument, shop_id, actor_id, event_date, order_id FROM paid_with
  UNION ALL
  SELECT DISTINCT 'device', device_id, shop_id, actor_id, event_date, order_id FROM seen_with WHERE device_id IS NOT NULL
  UNION ALL
  SELECT DISTINCT 'address', address, shop_id, actor_id, event_date, order_id FROM seen_with WHERE address IS NOT NULL
),
things AS (
  SELECT kind, thing FROM uses GROUP BY kind, thing HAVING min(actor_id) <> max(actor_id)
),
scopes AS (
  SELECT DISTINCT u.kind, u.thing, '*' AS scope, u.actor_id, u.event_date
  FROM uses AS u
  JOIN things AS t ON t.kind = u.kind AND t.thing = u.thing
  UNION ALL
  SELECT DISTINCT u.kind, u.thing, concat('shop:', u.shop_id), u.actor_id, u.event_date
  FROM uses AS u
  JOIN things AS t ON t.kind = u.kind AND t.thing = u.thing
),
days_of_use AS (
  SELECT
    kind, thing, scope, event_date,
    lag(event_date) OVER (PARTITION BY kind, thing, scope, actor_id ORDER BY event_date) AS last_date
  FROM scopes
),
moves AS (
  SELECT
    kind, thing, scope, 1 AS change,
    greatest(event_date - 14, coalesce(last_date + 29, event_date - 14)) AS event_date
  FROM days_of_use
  UNION ALL
  SELECT kind, thing, scope, -1, event_date + 29 FROM days_of_use
  UNION ALL
  SELECT kind, thing, scope, 0, event_date FROM days_of_use
),
moved_days AS (
  SELECT kind, thing, scope, event_date, sum(change) AS change FROM moves GROUP BY kind, thing, scope, event_date
),
peopled AS (
  SELECT
    kind, thing, scope, event_date,
    sum(change) OVER (
      PARTITION BY kind, thing, scope ORDER BY event_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS buyers
  FROM moved_days
),
shared AS (
  SELECT u.order_id, u.event_date, u.kind, coalesce(p.buyers, 1) AS buyers, coalesce(s.buyers, 1) AS shop_buyers
  FROM uses AS u
  LEFT JOIN peopled AS p
    ON p.kind = u.kind AND p.thing = u.thing AND p.event_date = u.event_date AND p.scope = '*'
  LEFT JOIN peopled AS s
    ON s.kind = u.kind AND s.thing = u.thing AND s.event_date = u.event_date AND s.scope = concat('shop:', u.shop_id)
  WHERE u.event_date BETWEEN $from_date AND $to_date
),
widest AS (
  SELECT
    order_id,
    event_date,
    max(CASE WHEN kind = 'ship_to' THEN buyers END)           AS ship_to_buyers,
    max(CASE WHEN kind = 'instrument' THEN buyers END)        AS instrument_buyers,
    max(CASE WHEN kind = 'device' THEN buyers END)            AS device_buyers,
    max(CASE WHEN kind = 'address' THEN buyers END)           AS address_buyers,
    max(CASE WHEN kind = 'ship_to' THEN shop_buyers END)      AS shop_ship_to_buyers,
    max(CASE WHEN kind = 'instrument' THEN shop_buyers END)   AS shop_instrument_buyers,
    max(CASE WHEN kind = 'device' THEN shop_buyers END)       AS shop_device_buyers,
    max(CASE WHEN kind = 'address' THEN shop_buyers END)      AS shop_address_buyers
  FROM shared
  GROUP BY order_id, event_date
)
SELECT
  o.order_id,
  o.event_date,
  coalesce(w.ship_to_buyers, 0)           AS ship_to_buyers,
  coalesce(w.instrument_buyers, 0)        AS instrument_buyers,
  coalesce(w.device_buyers, 0)            AS device_buyers,
  coalesce(w.address_buyers, 0)           AS address_buyers,
  coalesce(w.shop_ship_to_buyers, 0)      AS shop_ship_to_buyers,
  coalesce(w.shop_instrument_buyers, 0)   AS shop_instrument_buyers,
  coalesce(w.shop_device_buyers, 0)       AS shop_device_buyers,
  coalesce(w.shop_address_buyers, 0)      AS shop_address_buyers
FROM silver.orders AS o
LEFT JOIN widest AS w ON w.order_id = o.order_id AND w.event_date = o.event_date
WHERE o.event_date BETWEEN $from_date AND $to_date
