/*
grain: one row per person and day on which the person did anything, however little
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.orders: 30}  # a payment this long after its order still finds its buyer
columns:
  user_id: the person
  event_date: reporting-local day of the acts; a payment counts on its own day, not on its order's [day]
  acts: everything that is counted here [count]
  note_impressions: note cards seen [count]
  reads: notes opened [count]
  dwell_ms: how long notes were open [milliseconds]
  engagements: likes, collects, comments and shares that stood at the day's end [count]
  comments: of these, comments [count]
  notes: own notes that were published or changed and stood published at the day's end [count]
  searches: searches [count]
  product_views: product pages opened [count]
  cart_adds: products put into the cart [count]
  orders: orders paid in full, by confirmed payments [count]
  paid_minor: what was paid, before refunds, in the lake's one currency [minor]
  acts_00_03: acts from midnight on [count]
  acts_03_06: acts from 3 o'clock on [count]
  acts_06_09: acts from 6 o'clock on [count]
  acts_09_12: acts from 9 o'clock on [count]
  acts_12_15: acts from noon on [count]
  acts_15_18: acts from 15 o'clock on [count]
  acts_18_21: acts from 18 o'clock on [count]
  acts_21_24: acts from 21 o'clock on [count]
expect:
  - unique: [user_id, event_date]
  - not_null: [user_id, event_date, acts, orders, paid_minor]
  - between: {column: acts, min: 1}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE acts <> acts_00_03 + acts_03_06 + acts_06_09 + acts_09_12 + acts_12_15 + acts_15_18 + acts_18_21 + acts_21_24
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(reads), 0) AS here FROM {batch})
      WHERE here <> (
        SELECT count(*) FROM silver.note_reads
        WHERE actor_id IS NOT NULL AND event_date BETWEEN $from_date AND $to_date
      )
notes: >
  All that later windows over people need is here, once a person and day: they never read single acts again. Hours are
  counted from the first instant of the reporting-local day.
*/
WITH quarters AS (
  SELECT unnest(
    generate_series(cast($from_date - 1 AS TIMESTAMP), cast($to_date + 2 AS TIMESTAMP), INTERVAL 15 MINUTE)
  ) AS starts_at
),
day_starts AS (
  SELECT local_date(starts_at) AS event_date, min(starts_at) AS starts_at
  FROM quarters
  WHERE local_date(starts_at) BETWEEN $from_date AND $to_date
  GROUP BY local_date(starts_at)
),
acts AS (
  SELECT actor_id AS user_id, event_date, occurred_at, 'impression' AS act, 1 AS amount
  FROM silver.note_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, occurred_at, 'read', dwell_ms
  FROM silver.note_reads
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, occurred_at, CASE WHEN kind IN ('hide', 'report') THEN 'other' ELSE kind END, net
  FROM silver.engagements
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT creator_id, event_date, changed_at, 'note', 1
  FROM silver.note_states
  WHERE status = 'published' AND event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, occurred_at, 'other', net
  FROM silver.follows
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, occurred_at, 'search', 1
  FROM silver.searches
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, occurred_at, 'view', 1
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, occurred_at, 'cart', 1
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, placed_at, 'other', 1
  FROM silver.orders
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT o.actor_id, p.event_date, p.occurred_at, 'pay', p.amount_minor
  FROM silver.payments AS p
  JOIN (SELECT DISTINCT order_id, actor_id FROM silver.orders WHERE event_date BETWEEN $from_date - 30 AND $to_date) AS o
    ON o.order_id = p.order_id
  WHERE p.step = 'confirmed' AND p.event_date BETWEEN $from_date AND $to_date
),
timed AS (
  SELECT
    a.user_id, a.event_date, a.act, a.amount,
    (cast(epoch(a.occurred_at) AS BIGINT) - cast(epoch(d.starts_at) AS BIGINT)) // 10800 AS block
  FROM acts AS a
  JOIN day_starts AS d ON d.event_date = a.event_date
  WHERE a.user_id IS NOT NULL
)
SELECT
  user_id,
  event_date,
  count(*)                                                                            AS acts,
  count(*) FILTER (WHERE act = 'impression')                                          AS note_impressions,
  count(*) FILTER (WHERE act = 'read')                                                AS reads,
  coalesce(sum(amount) FILTER (WHERE act = 'read'), 0)                                AS dwell_ms,
  count(*) FILTER (WHERE act IN ('like', 'collect', 'comment', 'share') AND amount > 0)   AS engagements,
  count(*) FILTER (WHERE act = 'comment' AND amount > 0)                              AS comments,
  count(*) FILTER (WHERE act = 'note')                                                AS notes,
  count(*) FILTER (WHERE act = 'search')                                              AS searches,
  count(*) FILTER (WHERE act = 'view')                                                AS product_views,
  count(*) FILTER (WHERE act = 'cart')                                                AS cart_adds,
  count(*) FILTER (WHERE act = 'pay')                                                 AS orders,
  coalesce(sum(amount) FILTER (WHERE act = 'pay'), 0)                                 AS paid_minor,
  count(*) FILTER (WHERE block = 0)                                                   AS acts_00_03,
  count(*) FILTER (WHERE block = 1)                                                   AS acts_03_06,
  count(*) FILTER (WHERE block = 2)                                                   AS acts_06_09,
  count(*) FILTER (WHERE block = 3)                                                   AS acts_09_12,
  count(*) FILTER (WHERE block = 4)                                                   AS acts_12_15,
  count(*) FILTER (WHERE block = 5)                                                   AS acts_15_18,
  count(*) FILTER (WHERE block = 6)                                                   AS acts_18_21,
  count(*) FILTER (WHERE block >= 7)                                                  AS acts_21_24
FROM timed
GROUP BY user_id, event_date
