/*
grain: one row per order of a suspect within suspicious windows of the shop
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: 1
lookahead: 1
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  shop_id: the shop
  actor_id: the buyer, a suspect
  placed_at: when it was placed [UTC]
  windows_from: first second of the run of overlapping suspicious windows that the order lies in [UTC]
  windows_to: last second of that run [UTC]
  actor_orders: orders of this buyer within the union of the day's suspicious windows [count]
  union_orders: all orders of the shop within it [count]
  union_buyers: distinct buyers of these [count]
  suspects: buyers who have as many orders within it as this one, and none has more [count]
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, shop_id, actor_id, placed_at, windows_from, windows_to]
  - between: {column: actor_orders, min: $order_concentration_orders_per_buyer}
  - no_rows: SELECT * FROM {batch} WHERE placed_at < windows_from OR placed_at >= windows_to + INTERVAL 1 SECOND
  - no_rows: SELECT * FROM {batch} WHERE actor_orders * suspects > union_orders OR suspects > union_buyers
notes: >
  Every order that was placed counts, paid, cancelled or not: whoever brushes need not pay. An order without a known
  buyer or shop counts nowhere. A window is suspicious if it holds at least $order_concentration_orders_per_buyer
  orders per distinct buyer; it is closed, spans $order_concentration_window_seconds seconds, and begins at any second.
  A day's windows are those that hold at least one order of the day, whole, across midnight too. Their union is
  what buyers' orders are counted over, with the orders of the neighbouring days that lie in it; so a shop whose
  suspicious windows lie within one day is judged over all of them, and a day never depends on others than its
  neighbours.


  Between an order's entry into the window (as it begins at second s - $order_concentration_window_seconds) and the
  second after its exit (s + 1) nothing changes, so two events an order tell orders and buyers of all windows.
  Only shops with a regular are looked at so: a buyer of $order_concentration_orders_per_buyer orders, since every
  suspicious window has one. Where regulars are few, only days on which they could make up for all others: each window
  holds a whole half (of windows, aligned), and with it all orders of others within that half.
*/
WITH days_of_shops AS (
  SELECT
    shop_id,
    event_date,
    count(*)                                             AS orders,
    min(cast(floor(epoch(placed_at)) AS BIGINT))         AS first_second,
    max(cast(floor(epoch(placed_at)) AS BIGINT))         AS last_second
  FROM silver.orders
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1 AND shop_id IS NOT NULL AND actor_id IS NOT NULL
  GROUP BY shop_id, event_date
),
regulars AS (
  SELECT shop_id, actor_id, count(*) AS orders
  FROM silver.orders
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1 AND shop_id IS NOT NULL AND actor_id IS NOT NULL
  GROUP BY shop_id, actor_id
  HAVING count(*) >= $order_concentration_orders_per_buyer
),
shops_of_regulars AS (
  SELECT shop_id, sum(orders) AS orders
  FROM regulars
  GROUP BY shop_id
),
shops_of_few_regulars AS (
  SELECT d.shop_id
  FROM days_of_shops AS d
  JOIN shops_of_regulars AS r ON r.shop_id = d.shop_id
  GROUP BY d.shop_id
  HAVING max(r.orders) * 100 < sum(d.orders) * $order_concentration_few_regulars_percent
),
halves_of_regulars AS (
  SELECT
    o.shop_id,
    cast(floor(epoch(o.placed_at)) AS BIGINT) * 2 // $order_concentration_window_seconds     AS half,
    count(*)                                                                                 AS orders,
    min(o.event_date)                                                                        AS first_date
  FROM silver.orders AS o
  JOIN regulars AS r ON r.shop_id = o.shop_id AND r.actor_id = o.actor_id
  WHERE o.event_date BETWEEN $from_date - 1 AND $to_date + 1 AND o.shop_id IN (SELECT shop_id FROM shops_of_few_regulars)
  GROUP BY 1, 2
),
halves_of_all AS (
  SELECT
    shop_id,
    cast(floor(epoch(placed_at)) AS BIGINT) * 2 // $order_concentration_window_seconds       AS half,
    count(*)                                                                                 AS orders
  FROM silver.orders
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
    AND shop_id IN (SELECT shop_id FROM shops_of_few_regulars)
    AND actor_id IS NOT NULL
  GROUP BY 1, 2
),
halves_around AS (
  SELECT unnest([-2, -1, 0, 1]) AS step
),
windows_of_regulars AS (
  SELECT h.shop_id, h.half + a.step AS half, sum(h.orders) AS orders, min(h.first_date) AS first_date
  FROM halves_of_regulars AS h
  CROSS JOIN halves_around AS a
  GROUP BY 1, 2
),
neighbours AS (
  SELECT unnest([-1, 0, 1]) AS days
),
days_of_many_regulars AS (
  SELECT DISTINCT w.shop_id, w.first_date + n.days AS event_date
  FROM windows_of_regulars AS w
  LEFT JOIN halves_of_all AS a ON a.shop_id = w.shop_id AND a.half = w.half
  LEFT JOIN halves_of_regulars AS r ON r.shop_id = w.shop_id AND r.half = w.half
  CROSS JOIN neighbours AS n
  WHERE (w.orders - $order_concentration_orders_per_buyer) * ($order_concentration_orders_per_buyer - 1)
    >= coalesce(a.orders, 0) - coalesce(r.orders, 0)
),
shop_days AS (
  SELECT
    row_number() OVER (ORDER BY d.shop_id, d.event_date)    AS shop_day,
    d.shop_id,
    d.event_date,
    d.first_second,
    d.last_second
  FROM days_of_shops AS d
  LEFT JOIN shops_of_few_regulars AS s ON s.shop_id = d.shop_id
  LEFT JOIN days_of_many_regulars AS b ON b.shop_id = d.shop_id AND b.event_date = d.event_date
  WHERE d.event_date BETWEEN $from_date AND $to_date
    AND d.shop_id IN (SELECT shop_id FROM shops_of_regulars)
    AND (s.shop_id IS NULL OR b.shop_id IS NOT NULL)
),
shop_days_and_neighbours AS (
  SELECT
    d.shop_day,
    d.shop_id,
    d.event_date + n.days                                            AS event_date,
    d.first_second - $order_concentration_window_seconds             AS from_second,
    d.last_second + $order_concentration_window_seconds              AS to_second
  FROM shop_days AS d
  CROSS JOIN neighbours AS n
),
seconds AS (
  SELECT d.shop_day, o.actor_id, cast(floor(epoch(o.placed_at)) AS BIGINT) AS second
  FROM silver.orders AS o
  JOIN shop_days_and_neighbours AS d
    ON d.shop_id = o.shop_id
    AND d.event_date = o.event_date
    AND cast(floor(epoch(o.placed_at)) AS BIGINT) BETWEEN d.from_second AND d.to_second
  WHERE o.event_date BETWEEN $from_date - 1 AND $to_date + 1 AND o.actor_id IS NOT NULL
),
sequenced AS (
  SELECT
    shop_day,
    second,
    second - lag(second) OVER (PARTITION BY shop_day, actor_id ORDER BY second)     AS seconds_since,
    lead(second) OVER (PARTITION BY shop_day, actor_id ORDER BY second) - second    AS seconds_until
  FROM seconds
),
entries_and_exits AS (
  SELECT
    shop_day,
    second - $order_concentration_window_seconds                                      AS begins,
    1                                                                                 AS orders,
    CASE WHEN seconds_since <= $order_concentration_window_seconds THEN 0 ELSE 1 END  AS buyers
  FROM sequenced
  UNION ALL
  SELECT
    shop_day,
    second + 1,
    -1,
    CASE WHEN seconds_until <= $order_concentration_window_seconds THEN 0 ELSE -1 END
  FROM sequenced
),
windows AS (
  SELECT
    shop_day,
    begins,
    orders,
    buyers,
    sum(orders) OVER (
      PARTITION BY shop_day ORDER BY begins, orders - $order_concentration_orders_per_buyer * buyers
      ROWS UNBOUNDED PRECEDING
    )                                                                                 AS orders_now,
    sum(buyers) OVER (
      PARTITION BY shop_day ORDER BY begins, orders - $order_concentration_orders_per_buyer * buyers
      ROWS UNBOUNDED PRECEDING
    )                                                                                 AS buyers_now
  FROM entries_and_exits
),
compared AS (
  SELECT
    shop_day,
    begins,
    orders_now > 0 AND orders_now >= $order_concentration_orders_per_buyer * buyers_now    AS is_suspicious,
    orders_now > orders
      AND orders_now - orders
        >= $order_concentration_orders_per_buyer * (buyers_now - buyers)                   AS was_suspicious
  FROM windows
),
turns AS (
  SELECT
    shop_day,
    begins,
    is_suspicious,
    lead(begins) OVER (PARTITION BY shop_day ORDER BY begins, is_suspicious) - 1            AS last_begins
  FROM compared
  WHERE is_suspicious <> was_suspicious
),
stretches AS (
  SELECT
    t.shop_day,
    greatest(t.begins, d.first_second - $order_concentration_window_seconds)                AS from_second,
    least(t.last_begins, d.last_second) + $order_concentration_window_seconds               AS to_second
  FROM turns AS t
  JOIN shop_days AS d ON d.shop_day = t.shop_day
  WHERE t.is_suspicious
    AND t.last_begins >= d.first_second - $order_concentration_window_seconds
    AND t.begins <= d.last_second
),
stretches_in_turn AS (
  SELECT
    shop_day,
    from_second,
    lag(to_second) OVER (PARTITION BY shop_day ORDER BY from_second)   AS to_second_before,
    max(to_second) OVER (PARTITION BY shop_day)                        AS last_to_second
  FROM stretches
),
runs AS (
  SELECT
    shop_day,
    from_second,
    coalesce(lead(to_second_before) OVER (PARTITION BY shop_day ORDER BY from_second), last_to_second) AS to_second
  FROM stretches_in_turn
  WHERE to_second_before IS NULL OR from_second > to_second_before
),
orders_per_buyer AS (
  SELECT s.shop_day, s.actor_id, count(*) AS orders
  FROM seconds AS s
  JOIN runs AS r ON r.shop_day = s.shop_day AND s.second BETWEEN r.from_second AND r.to_second
  GROUP BY s.shop_day, s.actor_id
),
unions AS (
  SELECT shop_day, sum(orders) AS orders, count(*) AS buyers, max(orders) AS most
  FROM orders_per_buyer
  GROUP BY shop_day
),
suspects AS (
  SELECT
    b.shop_day,
    b.actor_id,
    b.orders                                      AS actor_orders,
    u.orders                                      AS union_orders,
    u.buyers                                      AS union_buyers,
    count(*) OVER (PARTITION BY b.shop_day)       AS suspects
  FROM orders_per_buyer AS b
  JOIN unions AS u ON u.shop_day = b.shop_day AND u.most = b.orders
)
SELECT
  o.order_id,
  o.event_date,
  o.shop_id,
  o.actor_id,
  o.placed_at,
  cast(date_trunc('second', o.placed_at) AS TIMESTAMP)
    + (r.from_second - cast(floor(epoch(o.placed_at)) AS BIGINT)) * INTERVAL 1 SECOND    AS windows_from,
  cast(date_trunc('second', o.placed_at) AS TIMESTAMP)
    + (r.to_second - cast(floor(epoch(o.placed_at)) AS BIGINT)) * INTERVAL 1 SECOND      AS windows_to,
  s.actor_orders,
  s.union_orders,
  s.union_buyers,
  s.suspects
FROM silver.orders AS o
JOIN shop_days AS d ON d.shop_id = o.shop_id AND d.event_date = o.event_date
JOIN suspects AS s ON s.shop_day = d.shop_day AND s.actor_id = o.actor_id
JOIN runs AS r
  ON r.shop_day = d.shop_day
  AND cast(floor(epoch(o.placed_at)) AS BIGINT) BETWEEN r.from_second AND r.to_second
WHERE o.event_date BETWEEN $from_date AND $to_date
