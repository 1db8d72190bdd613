/*
grain: one row per person, device, network address, block of them or campaign, and day on which an ad was seen or clicked there
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  kind: user, device, address, block or campaign; user_brand for a person and an advertiser
  thing: who or what it is; of user_brand both, joined by |
  event_date: reporting-local day [day]
  impressions: ads rendered; none are known of addresses and blocks [count]
  clicks: ads clicked [count]
  search_clicks: of these, in search results [count]
  night_clicks: of these, before 6 o'clock [count]
  clickers: distinct people who clicked [count]
  click_brands: distinct advertisers that were clicked [count]
expect:
  - unique: [kind, thing, event_date]
  - not_null: [kind, thing, event_date, impressions, clicks, search_clicks, night_clicks]
  - no_rows: SELECT * FROM {batch} WHERE night_clicks > clicks OR search_clicks > clicks
notes: >
  Whose ads and clicks velocities and rates are counted of. Hours are counted from the reporting-local day's first instant.
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
clicks AS (
  SELECT
    c.event_date, c.actor_id, c.device_id, c.address, c.address_block, c.campaign_id, c.brand_id,
    CASE WHEN c.placement = 'search' THEN 1 ELSE 0 END                                            AS in_search,
    CASE WHEN cast(epoch(c.occurred_at) AS BIGINT) - cast(epoch(d.starts_at) AS BIGINT) < 21600 THEN 1 ELSE 0 END   AS at_night
  FROM silver.ad_clicks AS c
  JOIN day_starts AS d ON d.event_date = c.event_date
  WHERE c.event_date BETWEEN $from_date AND $to_date
),
seen AS (
  SELECT event_date, actor_id, device_id, campaign_id, brand_id
  FROM silver.ad_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
),
counted AS (
  SELECT 'user' AS kind, actor_id AS thing, event_date, 0 AS seen, 1 AS clicked, in_search, at_night, actor_id, brand_id FROM clicks
  UNION ALL
  SELECT 'device', device_id, event_date, 0, 1, in_search, at_night, actor_id, brand_id FROM clicks
  UNION ALL
  SELECT 'address', address, event_date, 0, 1, in_search, at_night, actor_id, brand_id FROM clicks
  UNION ALL
  SELECT 'block', address_block, event_date, 0, 1, in_search, at_night, actor_id, brand_id FROM clicks
  UNION ALL
  SELECT 'campaign', campaign_id, event_date, 0, 1, in_search, at_night, actor_id, brand_id FROM clicks
  UNION ALL
  SELECT 'user_brand', concat(actor_id, '|', brand_id), event_date, 0, 1, in_search, at_night, actor_id, brand_id
  FROM clicks WHERE actor_id IS NOT NULL
  UNION ALL
  SELECT 'user', actor_id, event_date, 1, 0, 0, 0, NULL, NULL FROM seen
  UNION ALL
  SELECT 'device', device_id, event_date, 1, 0, 0, 0, NULL, NULL FROM seen
  UNION ALL
  SELECT 'campaign', campaign_id, event_date, 1, 0, 0, 0, NULL, NULL FROM seen
  UNION ALL
  SELECT 'user_brand', concat(actor_id, '|', brand_id), event_date, 1, 0, 0, 0, NULL, NULL
  FROM seen WHERE actor_id IS NOT NULL
)
SELECT
  kind,
  thing,
  event_date,
  sum(seen)                     AS impressions,
  sum(clicked)                  AS clicks,
  sum(in_search)                AS search_clicks,
  sum(at_night)                 AS night_clicks,
  count(DISTINCT actor_id)      AS clickers,
  count(DISTINCT brand_id)      AS click_brands
FROM counted
WHERE thing IS NOT NULL
GROUP BY kind, thing, event_date
