/*
grain: one row per review, with how many reviewers of the brand share its author's devices and addresses
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.reviews: 28, silver.identity_days: 28, silver.product_states: all}
lookahead: {silver.reviews: 14, silver.identity_days: 14}
columns:
  review_id: the review, as source:id
  event_date: reporting-local day on which it was posted [day]
  device_reviewers: the most reviewers of the brand with as many stars, on one of its author's devices of the day [count]
  address_reviewers: the same behind one of its author's network addresses of the day [count]
  block_reviewers: the same behind one of their address blocks of the day [count]
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, device_reviewers, address_reviewers, block_reviewers]
notes: >
  Counted are people who reviewed the brand in the 28 days before the review and the 14 days after it, on the same
  side: four and five stars, or fewer. Comings and goings are added up as in features.order_sharing.
*/
WITH product_versions AS (
  SELECT
    product_id, brand_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date + 14
),
posted AS (
  SELECT
    r.review_id, r.event_date, r.actor_id,
    concat(CASE WHEN r.stars >= 4 THEN 'for ' ELSE 'against ' END, coalesce(p.brand_id, '(unknown)')) AS side
  FROM silver.reviews AS r
  LEFT JOIN product_versions AS p
    ON p.product_id = r.product_id
    AND r.event_date >= p.valid_from AND (p.valid_until IS NULL OR r.event_date < p.valid_until)
  WHERE r.event_date BETWEEN $from_date - 28 AND $to_date + 14 AND r.actor_id IS NOT NULL
),
seen_with AS (
  SELECT r.review_id, r.event_date, r.actor_id, r.side, i.device_id, i.address, i.address_block
  FROM posted AS r
  JOIN silver.identity_days AS i ON i.actor_id = r.actor_id AND i.event_date = r.event_date
  WHERE i.event_date BETWEEN $from_date - 28 AND $to_date + 14
),
uses AS (
  SELECT DISTINCT 'device' AS kind, device_id AS thing, side, actor_id, event_date, review_id FROM seen_with WHERE device_id IS NOT NULL
  UNION ALL
  SELECT DISTINCT 'address', address, side, actor_id, event_date, review_id FROM seen_with WHERE address IS NOT NULL
  UNION ALL
  SELECT DISTINCT 'block', address_block, side, actor_id, event_date, review_id FROM seen_with WHERE address_block IS NOT NULL
),
person_days AS (
  SELECT DISTINCT kind, thing, side, actor_id, event_date FROM uses
),
days_of_use AS (
  SELECT
    kind, thing, side, event_date,
    lag(event_date) OVER (PARTITION BY kind, thing, side, actor_id ORDER BY event_date) AS last_date
  FROM person_days
),
moves AS (
  SELECT
    kind, thing, side, 1 AS change,
    greatest(event_date - 14, coalesce(last_date + 29, event_date - 14)) AS event_date
  FROM days_of_use
  UNION ALL
  SELECT kind, thing, side, -1, event_date + 29 FROM days_of_use
  UNION ALL
  SELECT kind, thing, side, 0, event_date FROM days_of_use
),
moved_days AS (
  SELECT kind, thing, side, event_date, sum(change) AS change FROM moves GROUP BY kind, thing, side, event_date
),
peopled AS (
  SELECT
    kind, thing, side, event_date,
    sum(change) OVER (
      PARTITION BY kind, thing, side ORDER BY event_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS people
  FROM moved_days
)
SELECT
  r.review_id,
  r.event_date,
  coalesce(max(CASE WHEN u.kind = 'device' THEN p.people END), 0)     AS device_reviewers,
  coalesce(max(CASE WHEN u.kind = 'address' THEN p.people END), 0)    AS address_reviewers,
  coalesce(max(CASE WHEN u.kind = 'block' THEN p.people END), 0)      AS block_reviewers
FROM posted AS r
LEFT JOIN uses AS u ON u.review_id = r.review_id AND u.event_date = r.event_date
LEFT JOIN peopled AS p ON p.kind = u.kind AND p.thing = u.thing AND p.side = u.side AND p.event_date = u.event_date
WHERE r.event_date BETWEEN $from_date AND $to_date
GROUP BY r.review_id, r.event_date
