/*
grain: one row per ad click, with how it came about and how its person, device, address and campaign behave
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback:
  silver.ad_clicks: 27
  silver.user_states: all
  features.ad_days: 29
  features.ad_click_outcomes: 27
  features.user_activity_daily: 27
  features.identity_conduct_daily: 6
lookahead:
  features.ad_days: 7
  features.user_activity_daily: 7
  features.identity_conduct_daily: 7
  features.identity_components: 7
  features.lockstep_rings: 7
columns:
  click_id: the click
  event_date: reporting-local day of the click [day]
  actor_id: who clicked, if signed in
  device_id: pseudonym of the device
  address: pseudonym of the network address
  campaign_id: the campaign
  brand_id: the advertiser
  component_id: the accounts that share devices, cards or parcels with this one within the week after; empty if none do
  ring_id: the ring with whom the person clicks in lockstep within the week after; empty if none
  is_search: the ad stood in search results [flag]
  hour: of the reporting-local day, from 0 [number]
  is_night: before 6 o'clock of the reporting-local day [flag]
  is_datacentre: the click came from a network of hosted machines [flag]
  seconds_since_impression: since the ad was rendered, empty if it never was [score]
  position: of the ad in its answer, empty if it was never rendered [number]
  gap_seconds: since the person's click before, empty if none came within six days before [seconds]
  gap_variation: standard deviation over mean of these gaps of the last 24 hours, empty for fewer than three [score]
  dwell_ms: how long the ad's note was open then [milliseconds]
  seconds_to_view: until the next product page, empty if none came within the hour [seconds]
  views_brand_1d: product pages of the advertiser opened within 24 hours [count]
  views_other_1h: product pages of other brands opened within the hour [count]
  carts_brand_1d: products of the advertiser put into the cart within 24 hours [count]
  orders_brand_1d: order lines of the advertiser placed within 24 hours [count]
  clicks_since_cart: the person's clicks within four weeks, this one included, since one led to a cart or an order [count]
  visit_reads: notes opened in the same visit [count]
  visit_searches: searches in it [count]
  visit_views: product pages opened in it [count]
  visit_ads: ads seen in it [count]
  visit_clicks: ads clicked in it [count]
  visit_click_share: clicks over ads seen in it [share]
  user_clicks_1h: the person's clicks within the hour before, this one included [count]
  user_clicks_1d: the same of 24 hours [count]
  user_clicks_7d: the same of seven days [count]
  device_clicks_1h: the device's clicks within the hour before, this one included [count]
  device_clicks_1d: the same of 24 hours [count]
  address_clicks_1h: the address's clicks within the hour before, this one included [count]
  address_clicks_1d: the same of 24 hours [count]
  campaign_clicks_1h: the campaign's clicks within the hour before, this one included [count]
  campaign_clicks_1d: the same of 24 hours [count]
  user_clicks_30d: the person's clicks of this day and the 29 before [count]
  device_clicks_7d: the device's clicks of this day and the six before [count]
  device_clicks_30d: the same of 30 days [count]
  address_clicks_7d: the address's clicks of this day and the six before [count]
  address_clicks_30d: the same of 30 days [count]
  block_clicks_1d: the address block's clicks of this day [count]
  block_clicks_7d: the same of seven days [count]
  block_clicks_30d: the same of 30 days [count]
  campaign_clicks_7d: the campaign's clicks of this day and the six before [count]
  campaign_clicks_30d: the same of 30 days [count]
  device_clickers_1d: distinct people who clicked on this device that day [count]
  address_clickers_1d: distinct people who clicked behind this address that day [count]
  campaign_surge: the campaign's clicks of this day over its daily mean of the 28 days before, plus one each [score]
  ads_near: ads that the person saw from 27 days before until seven days after [count]
  clicks_near: of these days, the person's clicks [count]
  click_rate_near: clicks of these days over ads seen and ten more [share]
  search_click_share_near: share of these clicks in search results [share]
  night_click_share_near: clicks of these days before 6 o'clock over all and two more [share]
  night_days_near: of these days, those with such a click [count]
  click_days_near: of these days, those with a click [count]
  night_clicks_per_act_near: clicks before 6 o'clock over what else the person did then, cards seen included, and ten more [share]
  night_act_share_near: share of what else the person did in these days before 6 o'clock [share]
  brand_clicks_near: of these clicks, those on this advertiser [count]
  brand_click_share_near: clicks of these days on this advertiser over all and two more [share]
  brand_click_rate_near: clicks over ads of this advertiser seen and five more [share]
  clicks_per_act_near: these clicks over notes read, searches and product pages of these days [share]
  engagements_near: likes, collects, comments and shares of these days [count]
  orders_near: orders paid in these days [count]
  reads_near: notes opened in these days [count]
  account_age_days: days since sign-up, empty if not told [number]
  has_avatar: the profile has a picture, empty if not told [flag]
  has_bio: the profile has words, empty if not told [flag]
  devices_1d: devices that the person used that day [count]
  device_users_1d: the most people seen that day on one of them [count]
  address_users_1d: the most people seen that day behind one of the person's addresses [count]
  new_devices_7d: devices first used that day or in the six days before [count]
  new_addresses_7d: addresses first used in that time [count]
  new_devices_near: devices first used from six days before until seven days after [count]
  new_addresses_near: addresses first used in that time [count]
  active_days_near: days of that time on which the person was seen [count]
  component_accounts: accounts of the component, 1 without one [count]
  component_devices_per_account: devices of its people over their number [score]
  component_shared_share: share of the person's acts on what others of the component use too [share]
  component_common_share: share of its people's acts on things on which at least half of them acted [share]
  ring_members: people of the ring, 1 without one [count]
  ring_similarity: Jaccard's similarity with the strongest of them [share]
  ring_targets: campaigns and spans on which the two acted together [count]
expect:
  - unique: [click_id]
  - not_null: [click_id, event_date, campaign_id, brand_id, is_search, is_night, campaign_clicks_1h]
  - between: {column: click_rate_near, min: 0, max: 1}
  - between: {column: brand_click_share_near, min: 0, max: 1}
notes: >
  What detectors of bought clicks read. Rates are shrunk towards none, so that two clicks on two ads say little.
  "Near" days reach a week ahead: a person is known better after a week, and verdicts are restated as it passes.
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
    click_id, event_date, occurred_at, actor_id, device_id, address, address_block, campaign_id, brand_id, placement,
    cast(epoch(occurred_at) AS BIGINT) AS second,
    coalesce(actor_id, device_id, address, click_id) AS person
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date - 7 AND $to_date
),
lagged AS (
  SELECT click_id, person, second, second - lag(second) OVER (PARTITION BY person ORDER BY second, click_id) AS gap
  FROM clicks
),
gaps AS (
  SELECT click_id, person, second, CASE WHEN gap <= 518400 THEN gap END AS gap
  FROM lagged
),
sequences AS (
  SELECT
    click_id,
    gap AS gap_seconds,
    CASE WHEN count(gap) OVER day_before >= 3
      THEN coalesce(stddev(cast(gap AS DOUBLE)) OVER day_before, 0) / nullif(avg(gap) OVER day_before, 0)
    END                             AS gap_variation,
    count(*) OVER hour_before       AS clicks_1h,
    count(*) OVER day_before        AS clicks_1d,
    count(*) OVER week_before       AS clicks_7d
  FROM gaps
  WINDOW
    hour_before AS (PARTITION BY person ORDER BY second RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW),
    day_before AS (PARTITION BY person ORDER BY second RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW),
    week_before AS (PARTITION BY person ORDER BY second RANGE BETWEEN 604800 PRECEDING AND CURRENT ROW)
),
velocities AS (
  SELECT
    click_id, event_date,
    CASE WHEN device_id IS NOT NULL THEN count(*) OVER (
      PARTITION BY device_id ORDER BY second RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW) END      AS device_clicks_1h,
    CASE WHEN device_id IS NOT NULL THEN count(*) OVER (
      PARTITION BY device_id ORDER BY second RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW) END     AS device_clicks_1d,
    CASE WHEN address IS NOT NULL THEN count(*) OVER (
      PARTITION BY address ORDER BY second RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW) END        AS address_clicks_1h,
    CASE WHEN address IS NOT NULL THEN count(*) OVER (
      PARTITION BY address ORDER BY second RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW) END       AS address_clicks_1d,
    count(*) OVER (
      PARTITION BY campaign_id ORDER BY second RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW)        AS campaign_clicks_1h,
    count(*) OVER (
      PARTITION BY campaign_id ORDER BY second RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW)       AS campaign_clicks_1d
  FROM clicks
  WHERE event_date >= $from_date - 1
),
ad_days AS (
  SELECT
    kind, thing, event_date, clicks, clickers,
    sum(clicks) OVER week             AS clicks_7d,
    sum(clicks) OVER month            AS clicks_30d,
    sum(clicks) OVER before           AS clicks_before,
    sum(impressions) OVER near        AS ads_near,
    sum(clicks) OVER near             AS clicks_near,
    sum(search_clicks) OVER near      AS search_clicks_near,
    sum(night_clicks) OVER near       AS night_clicks_near,
    sum(CASE WHEN night_clicks > 0 THEN 1 ELSE 0 END) OVER near   AS night_days_near,
    sum(CASE WHEN clicks > 0 THEN 1 ELSE 0 END) OVER near         AS click_days_near
  FROM features.ad_days
  WHERE event_date BETWEEN $from_date - 29 AND $to_date + 7
  WINDOW
    week AS (PARTITION BY kind, thing ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 6 PRECEDING AND CURRENT ROW),
    month AS (PARTITION BY kind, thing ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 29 PRECEDING AND CURRENT ROW),
    before AS (PARTITION BY kind, thing ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 28 PRECEDING AND 1 PRECEDING),
    near AS (PARTITION BY kind, thing ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 27 PRECEDING AND 7 FOLLOWING)
),
near_acts AS (
  SELECT
    user_id, event_date,
    sum(reads) OVER near                                                                  AS reads,
    sum(engagements) OVER near                                                            AS engagements,
    sum(orders) OVER near                                                                 AS orders,
    sum(reads + searches + product_views) OVER near                                       AS chosen_acts,
    sum(acts_00_03 + acts_03_06) OVER near                                                AS night_acts,
    cast(sum(acts_00_03 + acts_03_06) OVER near AS DOUBLE) / nullif(sum(acts) OVER near, 0)   AS night_share
  FROM features.user_activity_daily
  WHERE event_date BETWEEN $from_date - 27 AND $to_date + 7
  WINDOW near AS (PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 27 PRECEDING AND 7 FOLLOWING)
),
places AS (
  SELECT
    user_id, event_date, devices_1d, device_users_1d, address_users_1d, new_devices_7d, new_addresses_7d,
    sum(new_devices_1d) OVER near     AS new_devices_near,
    sum(new_addresses_1d) OVER near   AS new_addresses_near,
    count(*) OVER near                AS active_days_near
  FROM features.identity_conduct_daily
  WHERE event_date BETWEEN $from_date - 6 AND $to_date + 7
  WINDOW near AS (PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 6 PRECEDING AND 7 FOLLOWING)
),
people AS (
  SELECT DISTINCT actor_id AS user_id, event_date
  FROM clicks
  WHERE event_date >= $from_date AND actor_id IS NOT NULL
),
components AS (
  SELECT
    p.user_id, p.event_date, c.component_id, c.accounts, c.devices_per_account, c.shared_share, c.common_share,
    row_number() OVER (PARTITION BY p.user_id, p.event_date ORDER BY c.event_date DESC) AS recency
  FROM people AS p
  JOIN features.identity_components AS c ON c.user_id = p.user_id AND c.event_date BETWEEN p.event_date AND p.event_date + 7
  WHERE c.event_date BETWEEN $from_date AND $to_date + 7
),
rings AS (
  SELECT
    p.user_id, p.event_date, r.ring_id, r.members, r.similarity, r.targets,
    row_number() OVER (PARTITION BY p.user_id, p.event_date ORDER BY r.event_date DESC) AS recency
  FROM people AS p
  JOIN features.lockstep_rings AS r ON r.user_id = p.user_id AND r.event_date BETWEEN p.event_date AND p.event_date + 7
  WHERE r.kind = 'ads' AND r.event_date BETWEEN $from_date AND $to_date + 7
),
outcomes AS (
  SELECT
    o.click_id, o.event_date, o.seconds_since_impression, o.position, o.dwell_ms, o.seconds_to_view, o.views_brand_1d,
    o.views_other_1h, o.carts_brand_1d, o.orders_brand_1d, o.visit_reads, o.visit_searches, o.visit_views, o.visit_ads,
    o.visit_clicks, c.actor_id, c.second,
    CASE WHEN o.carts_brand_1d + o.orders_brand_1d > 0 THEN 1 ELSE 0 END                  AS has_led,
    row_number() OVER (PARTITION BY c.actor_id ORDER BY c.second, o.click_id)             AS number
  FROM features.ad_click_outcomes AS o
  JOIN (
    SELECT click_id, actor_id, cast(epoch(occurred_at) AS BIGINT) AS second
    FROM silver.ad_clicks
    WHERE event_date BETWEEN $from_date - 27 AND $to_date
  ) AS c ON c.click_id = o.click_id
  WHERE o.event_date BETWEEN $from_date - 27 AND $to_date
),
streaks AS (
  SELECT
    *,
    number - max(CASE WHEN has_led = 1 THEN number END) OVER month_before   AS since_led,
    count(*) OVER month_before                                              AS clicks_before
  FROM outcomes
  WINDOW month_before AS (PARTITION BY actor_id ORDER BY second RANGE BETWEEN 2332800 PRECEDING AND CURRENT ROW)
),
states AS (
  SELECT
    user_id, registered_on, has_avatar, has_bio, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY user_id ORDER BY event_date) AS valid_until
  FROM silver.user_states
  WHERE event_date <= $to_date
)
SELECT
  c.click_id,
  c.event_date,
  c.actor_id,
  c.device_id,
  c.address,
  c.campaign_id,
  c.brand_id,
  k.component_id,
  r.ring_id,
  c.placement = 'search'                                                AS is_search,
  (c.second - cast(epoch(d.starts_at) AS BIGINT)) // 3600               AS hour,
  c.second - cast(epoch(d.starts_at) AS BIGINT) < 21600                 AS is_night,
  h.operator IS NOT NULL                                                AS is_datacentre,
  o.seconds_since_impression,
  o.position,
  s.gap_seconds,
  s.gap_variation,
  o.dwell_ms,
  o.seconds_to_view,
  coalesce(o.views_brand_1d, 0)                                         AS views_brand_1d,
  coalesce(o.views_other_1h, 0)                                         AS views_other_1h,
  coalesce(o.carts_brand_1d, 0)                                         AS carts_brand_1d,
  coalesce(o.orders_brand_1d, 0)                                        AS orders_brand_1d,
  CASE WHEN c.actor_id IS NOT NULL THEN coalesce(o.since_led, o.clicks_before) END   AS clicks_since_cart,
  o.visit_reads,
  o.visit_searches,
  o.visit_views,
  o.visit_ads,
  o.visit_clicks,
  cast(o.visit_clicks AS DOUBLE) / nullif(o.visit_ads, 0)               AS visit_click_share,
  s.clicks_1h                                                           AS user_clicks_1h,
  s.clicks_1d                                                           AS user_clicks_1d,
  s.clicks_7d                                                           AS user_clicks_7d,
  v.device_clicks_1h,
  v.device_clicks_1d,
  v.address_clicks_1h,
  v.address_clicks_1d,
  v.campaign_clicks_1h,
  v.campaign_clicks_1d,
  u.clicks_30d                                                          AS user_clicks_30d,
  e.clicks_7d                                                           AS device_clicks_7d,
  e.clicks_30d                                                          AS device_clicks_30d,
  a.clicks_7d                                                           AS address_clicks_7d,
  a.clicks_30d                                                          AS address_clicks_30d,
  b.clicks                                                              AS block_clicks_1d,
  b.clicks_7d                                                           AS block_clicks_7d,
  b.clicks_30d                                                          AS block_clicks_30d,
  g.clicks_7d                                                           AS campaign_clicks_7d,
  g.clicks_30d                                                          AS campaign_clicks_30d,
  e.clickers                                                            AS device_clickers_1d,
  a.clickers                                                            AS address_clickers_1d,
  (cast(g.clicks AS DOUBLE) + 1) / nullif(coalesce(cast(g.clicks_before AS DOUBLE), 0) / 28 + 1, 0)   AS campaign_surge,
  u.ads_near,
  u.clicks_near,
  cast(u.clicks_near AS DOUBLE) / nullif(u.ads_near + 10, 0)            AS click_rate_near,
  cast(u.search_clicks_near AS DOUBLE) / nullif(u.clicks_near, 0)       AS search_click_share_near,
  cast(u.night_clicks_near AS DOUBLE) / nullif(u.clicks_near + 2, 0)    AS night_click_share_near,
  u.night_days_near,
  u.click_days_near,
  cast(u.night_clicks_near AS DOUBLE) / nullif(coalesce(n.night_acts, 0) + 10, 0)   AS night_clicks_per_act_near,
  n.night_share                                                         AS night_act_share_near,
  w.clicks_near                                                         AS brand_clicks_near,
  cast(w.clicks_near AS DOUBLE) / nullif(u.clicks_near + 2, 0)          AS brand_click_share_near,
  cast(w.clicks_near AS DOUBLE) / nullif(w.ads_near + 5, 0)             AS brand_click_rate_near,
  cast(u.clicks_near AS DOUBLE) / nullif(n.chosen_acts + u.clicks_near, 0)   AS clicks_per_act_near,
  n.engagements                                                         AS engagements_near,
  n.orders                                                              AS orders_near,
  n.reads                                                               AS reads_near,
  date_diff('day', t.registered_on, c.event_date)                       AS account_age_days,
  t.has_avatar,
  t.has_bio,
  i.devices_1d,
  i.device_users_1d,
  i.address_users_1d,
  i.new_devices_7d,
  i.new_addresses_7d,
  i.new_devices_near,
  i.new_addresses_near,
  i.active_days_near,
  coalesce(k.accounts, 1)                                               AS component_accounts,
  k.devices_per_account                                                 AS component_devices_per_account,
  k.shared_share                                                        AS component_shared_share,
  k.common_share                                                        AS component_common_share,
  coalesce(r.members, 1)                                                AS ring_members,
  r.similarity                                                          AS ring_similarity,
  r.targets                                                             AS ring_targets
FROM clicks AS c
JOIN day_starts AS d ON d.event_date = c.event_date
JOIN sequences AS s ON s.click_id = c.click_id
JOIN velocities AS v ON v.click_id = c.click_id
LEFT JOIN streaks AS o ON o.click_id = c.click_id
LEFT JOIN ad_days AS u ON u.kind = 'user' AND u.thing = c.actor_id AND u.event_date = c.event_date
LEFT JOIN ad_days AS e ON e.kind = 'device' AND e.thing = c.device_id AND e.event_date = c.event_date
LEFT JOIN ad_days AS a ON a.kind = 'address' AND a.thing = c.address AND a.event_date = c.event_date
LEFT JOIN ad_days AS b ON b.kind = 'block' AND b.thing = c.address_block AND b.event_date = c.event_date
LEFT JOIN ad_days AS g ON g.kind = 'campaign' AND g.thing = c.campaign_id AND g.event_date = c.event_date
LEFT JOIN ad_days AS w ON w.kind = 'user_brand' AND w.thing = concat(c.actor_id, '|', c.brand_id) AND w.event_date = c.event_date
LEFT JOIN near_acts AS n ON n.user_id = c.actor_id AND n.event_date = c.event_date
LEFT JOIN features.hosted_blocks_daily AS h
  ON h.address_block = c.address_block AND h.event_date = c.event_date AND h.event_date BETWEEN $from_date AND $to_date
LEFT JOIN places AS i ON i.user_id = c.actor_id AND i.event_date = c.event_date
LEFT JOIN components AS k ON k.user_id = c.actor_id AND k.event_date = c.event_date AND k.recency = 1
LEFT JOIN rings AS r ON r.user_id = c.actor_id AND r.event_date = c.event_date AND r.recency = 1
LEFT JOIN states AS t
  ON t.user_id = c.actor_id AND t.valid_from <= c.event_date AND (t.valid_until IS NULL OR c.event_date < t.valid_until)
WHERE c.event_date BETWEEN $from_date AND $to_date
