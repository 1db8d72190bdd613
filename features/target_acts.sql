/*
grain: one row per person, thing and span of time in which the person acted on the thing in one way
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  user_id: the person
  event_date: reporting-local day of the acts [day]
  act: engage, follow, click_ad, review, order or claim
  target_id: the note, creator, campaign, product, shop or offer
  span: of the day; for ad clicks the eighth, counted from 0, otherwise 0 [number]
  actors: distinct people who acted so on this thing within the span [count]
expect:
  - unique: [user_id, act, target_id, event_date, span]
  - not_null: [user_id, event_date, act, target_id, span, actors]
  - in_set: {column: act, values: [engage, follow, click_ad, review, order, claim]}
  - between: {column: actors, min: 1}
notes: >
  Whom lockstep compares: two people in one row's place did the same at about the same time. A note is engaged with by
  a like, collect, comment or share that stood at the day's end. An ad's clicks are compared within three hours of UTC.
*/
WITH acts AS (
  SELECT actor_id AS user_id, event_date, 'engage' AS act, note_id AS target_id, 0 AS span
  FROM silver.engagements
  WHERE event_date BETWEEN $from_date AND $to_date
    AND net > 0 AND kind IN ('like', 'collect', 'comment', 'share')
  UNION ALL
  SELECT actor_id, event_date, 'follow', creator_id, 0
  FROM silver.follows
  WHERE event_date BETWEEN $from_date AND $to_date AND net > 0
  UNION ALL
  SELECT actor_id, event_date, 'click_ad', campaign_id, (cast(epoch(occurred_at) AS BIGINT) // 10800) % 8
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, 'review', product_id, 0
  FROM silver.reviews
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, 'order', shop_id, 0
  FROM silver.orders
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT actor_id, event_date, 'claim', offer_id, 0
  FROM silver.coupon_acts
  WHERE event_date BETWEEN $from_date AND $to_date AND act = 'claimed'
),
distinct_acts AS (
  SELECT DISTINCT user_id, event_date, act, target_id, span
  FROM acts
  WHERE user_id IS NOT NULL AND target_id IS NOT NULL
)
SELECT
  user_id,
  event_date,
  act,
  target_id,
  span,
  count(*) OVER (PARTITION BY act, target_id, event_date, span) AS actors
FROM distinct_acts
