/*
grain: one row per ad click, with what its person did in the same visit and in the day after it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.creative_states: all, silver.ad_impressions: 1, silver.note_reads: 1, silver.product_views: 1, silver.searches: 1, silver.ad_clicks: 1}
lookahead: 1
columns:
  click_id: the click
  event_date: reporting-local day of the click [day]
  seconds_since_impression: since the ad was rendered in the same answer, empty if it never was [score]
  position: of the ad in its answer, from the top; empty if it was never rendered [number]
  dwell_ms: how long the ad's note was open then, empty if it was not told [milliseconds]
  seconds_to_view: until the person's next product page, empty if none came within the hour [seconds]
  views_brand_1d: product pages of the advertiser opened within 24 hours [count]
  views_other_1h: product pages of other brands opened within the hour [count]
  carts_brand_1d: products of the advertiser put into the cart within 24 hours [count]
  orders_brand_1d: order lines of the advertiser placed within 24 hours [count]
  visit_reads: notes opened in the same visit, as the source counts visits; all of these are empty without one [count]
  visit_searches: searches in it [count]
  visit_views: product pages opened in it [count]
  visit_ads: ads seen in it [count]
  visit_clicks: ads clicked in it [count]
expect:
  - unique: [click_id]
  - not_null: [click_id, event_date, views_brand_1d, views_other_1h, carts_brand_1d, orders_brand_1d]
  - between: {column: seconds_since_impression, min: 0}
    severity: warning
notes: >
  Nobody is followed who is not signed in. Acts are counted in frames over each person's and brand's timeline, which is
  linear in the acts however many clicks a script makes.
*/
WITH clicks AS (
  SELECT
    click_id, event_date, occurred_at, actor_id, brand_id, creative_id, request_id, session_id,
    cast(epoch(occurred_at) AS BIGINT) AS second
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date
),
visit_acts AS (
  SELECT actor_id, session_id, 'read' AS act
  FROM silver.note_reads
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, session_id, 'search'
  FROM silver.searches
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, session_id, 'view'
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, session_id, 'ad'
  FROM silver.ad_impressions
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
  UNION ALL
  SELECT actor_id, session_id, 'click'
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
),
visits AS (
  SELECT
    a.actor_id, a.session_id,
    sum(CASE WHEN a.act = 'read' THEN 1 ELSE 0 END)      AS reads,
    sum(CASE WHEN a.act = 'search' THEN 1 ELSE 0 END)    AS searches,
    sum(CASE WHEN a.act = 'view' THEN 1 ELSE 0 END)      AS views,
    sum(CASE WHEN a.act = 'ad' THEN 1 ELSE 0 END)        AS ads,
    sum(CASE WHEN a.act = 'click' THEN 1 ELSE 0 END)     AS clicks
  FROM visit_acts AS a
  SEMI JOIN clicks AS c ON c.actor_id = a.actor_id AND c.session_id = a.session_id
  GROUP BY a.actor_id, a.session_id
),
shown AS (
  SELECT c.click_id, c.occurred_at, min(i.occurred_at) AS shown_at, min(i.position) AS position
  FROM clicks AS c
  JOIN silver.ad_impressions AS i
    ON i.request_id = c.request_id AND i.creative_id = c.creative_id AND i.actor_id = c.actor_id
    AND i.occurred_at <= c.occurred_at
  WHERE i.event_date BETWEEN $from_date - 1 AND $to_date
  GROUP BY c.click_id, c.occurred_at
),
creative_versions AS (
  SELECT
    creative_id, note_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY creative_id ORDER BY event_date) AS valid_until
  FROM silver.creative_states
  WHERE event_date <= $to_date
),
opened AS (
  SELECT c.click_id, min(r.dwell_ms) AS dwell_ms
  FROM clicks AS c
  JOIN creative_versions AS v
    ON v.creative_id = c.creative_id
    AND c.event_date >= v.valid_from AND (v.valid_until IS NULL OR c.event_date < v.valid_until)
  JOIN silver.note_reads AS r
    ON r.request_id = c.request_id AND r.note_id = v.note_id AND r.actor_id = c.actor_id
    AND r.occurred_at >= c.occurred_at
  WHERE r.event_date BETWEEN $from_date AND $to_date + 1
  GROUP BY c.click_id
),
acts AS (
  SELECT actor_id, brand_id, second, click_id, 0 AS views, 0 AS carts, 0 AS orders
  FROM clicks
  WHERE actor_id IS NOT NULL
  UNION ALL
  SELECT actor_id, brand_id, cast(epoch(occurred_at) AS BIGINT), NULL, 1, 0, 0
  FROM silver.product_views
  WHERE event_date BETWEEN $from_date AND $to_date + 1 AND actor_id IS NOT NULL
  UNION ALL
  SELECT actor_id, brand_id, cast(epoch(occurred_at) AS BIGINT), NULL, 0, 1, 0
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date + 1 AND actor_id IS NOT NULL
  UNION ALL
  SELECT o.actor_id, l.brand_id, cast(epoch(o.placed_at) AS BIGINT), NULL, 0, 0, 1
  FROM silver.orders AS o
  JOIN silver.order_lines AS l ON l.order_id = o.order_id AND l.event_date = o.event_date
  WHERE o.event_date BETWEEN $from_date AND $to_date + 1 AND l.event_date BETWEEN $from_date AND $to_date + 1
    AND o.actor_id IS NOT NULL
),
followed AS (
  SELECT
    click_id,
    sum(views) OVER day_after     AS views_brand_1d,
    sum(carts) OVER day_after     AS carts_brand_1d,
    sum(orders) OVER day_after    AS orders_brand_1d,
    sum(views) OVER brand_hour    AS views_brand_1h,
    sum(views) OVER hour_after    AS views_1h,
    second,
    min(CASE WHEN views = 1 THEN second END) OVER hour_after            AS next_view
  FROM acts
  WINDOW
    day_after AS (PARTITION BY actor_id, brand_id ORDER BY second RANGE BETWEEN CURRENT ROW AND 86400 FOLLOWING),
    brand_hour AS (PARTITION BY actor_id, brand_id ORDER BY second RANGE BETWEEN CURRENT ROW AND 3600 FOLLOWING),
    hour_after AS (PARTITION BY actor_id ORDER BY second RANGE BETWEEN CURRENT ROW AND 3600 FOLLOWING)
)
SELECT
  c.click_id,
  c.event_date,
  epoch(s.occurred_at) - epoch(s.shown_at)        AS seconds_since_impression,
  s.position,
  o.dwell_ms,
  f.next_view - f.second                          AS seconds_to_view,
  coalesce(f.views_brand_1d, 0)                   AS views_brand_1d,
  coalesce(f.views_1h - f.views_brand_1h, 0)      AS views_other_1h,
  coalesce(f.carts_brand_1d, 0)                   AS carts_brand_1d,
  coalesce(f.orders_brand_1d, 0)                  AS orders_brand_1d,
  v.reads                                         AS visit_reads,
  v.searches                                      AS visit_searches,
  v.views                                         AS visit_views,
  v.ads                                           AS visit_ads,
  v.clicks                                        AS visit_clicks
FROM clicks AS c
LEFT JOIN shown AS s ON s.click_id = c.click_id
LEFT JOIN opened AS o ON o.click_id = c.click_id
LEFT JOIN followed AS f ON f.click_id = c.click_id
LEFT JOIN visits AS v ON v.actor_id = c.actor_id AND v.session_id = c.session_id
