/*
grain: one row per ad click and rule that flags it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.ad_impressions: 1}
lookahead: {silver.ad_impressions: 1}  # a client's clock may run ahead
columns:
  click_id: the click
  event_date: reporting-local day of the click [day]
  detector: the rule
  detector_version: version of the rule [number]
  kind: givt or sivt
  probability: how far the rule alone can be believed [score]
  case_key: rule, campaign and whose clicks they are
  reason_codes: what was found, with the share of the day's clicks below it in percent [list]
  state: live, or shadow if it only counts as yet and nothing follows from it
expect:
  - unique: [click_id, detector]
  - not_null: [click_id, event_date, detector, detector_version, kind, probability, case_key, reason_codes, state]
  - in_set: {column: kind, values: [givt, sivt]}
notes: >
  A click that several rules flag has several rows. The list of bots is asked about each user agent once. Where hosted
  machines are stands in features.hosted_blocks_daily. A gap of few seconds is the rarer the lower its percentile.
*/
WITH bots AS (
  SELECT user_agent
  FROM (
    SELECT DISTINCT user_agent
    FROM silver.ad_clicks
    WHERE event_date BETWEEN $from_date AND $to_date AND user_agent IS NOT NULL
  ) AS agents
  WHERE regexp_matches(user_agent, $known_bots_pattern_1)
    OR regexp_matches(user_agent, $known_bots_pattern_2)
    OR regexp_matches(user_agent, $known_bots_pattern_3)
    OR regexp_matches(user_agent, $known_bots_pattern_4)
    OR regexp_matches(user_agent, $known_bots_pattern_5)
    OR regexp_matches(user_agent, $known_bots_pattern_6)
),
told_campaigns AS (
  SELECT DISTINCT campaign_id, event_date
  FROM silver.ad_impressions
  WHERE event_date BETWEEN $from_date - 1 AND $to_date + 1
),
judgeable AS (
  SELECT DISTINCT c.click_id
  FROM silver.ad_clicks AS c
  JOIN told_campaigns AS t
    ON t.campaign_id = c.campaign_id AND t.event_date BETWEEN c.event_date - 1 AND c.event_date
  WHERE c.event_date BETWEEN $from_date AND $to_date
    AND c.request_id IS NOT NULL
    AND c.creative_id IS NOT NULL
    AND (c.actor_id IS NOT NULL OR c.device_id IS NOT NULL)
),
rendered AS (
  SELECT DISTINCT c.click_id
  FROM silver.ad_clicks AS c
  JOIN silver.ad_impressions AS i
    ON i.request_id = c.request_id
    AND i.creative_id = c.creative_id
    AND (i.actor_id = c.actor_id OR i.device_id = c.device_id)
    AND i.occurred_at <= c.occurred_at + $click_without_card_clock_difference_seconds * INTERVAL 1 SECOND
    AND i.occurred_at >= c.occurred_at - $click_without_card_max_card_age_seconds * INTERVAL 1 SECOND
    AND i.event_date BETWEEN c.event_date - 1 AND c.event_date + 1
  WHERE c.event_date BETWEEN $from_date AND $to_date
    AND i.event_date BETWEEN $from_date - 1 AND $to_date + 1
),
flags AS (
  SELECT
    c.click_id,
    c.event_date,
    'known_bots'                                                                  AS detector,
    $known_bots_version                                                           AS detector_version,
    $known_bots_kind                                                              AS kind,
    $known_bots_state                                                             AS state,
    $known_bots_probability                                                       AS probability,
    concat(c.campaign_id, ':', md5(c.user_agent))                                 AS entity,
    'is_known_bot=true'                                                           AS found,
    cast(NULL AS BIGINT)                                                          AS seconds
  FROM silver.ad_clicks AS c
  JOIN bots AS b ON b.user_agent = c.user_agent
  WHERE c.event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT
    c.click_id,
    c.event_date,
    'datacentre',
    $datacentre_version,
    $datacentre_kind,
    $datacentre_state,
    $datacentre_probability,
    concat(c.campaign_id, ':', h.operator),
    'is_datacentre=true',
    NULL
  FROM silver.ad_clicks AS c
  JOIN features.hosted_blocks_daily AS h
    ON h.address_block = c.address_block AND h.event_date = c.event_date AND h.event_date BETWEEN $from_date AND $to_date
  WHERE c.event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT
    c.click_id,
    c.event_date,
    'click_without_card',
    $click_without_card_version,
    $click_without_card_kind,
    $click_without_card_state,
    $click_without_card_probability,
    concat(c.campaign_id, ':', coalesce(c.actor_id, c.device_id)),
    'is_without_card=true',
    NULL
  FROM silver.ad_clicks AS c
  JOIN judgeable AS j ON j.click_id = c.click_id
  LEFT JOIN rendered AS r ON r.click_id = c.click_id
  WHERE c.event_date BETWEEN $from_date AND $to_date AND r.click_id IS NULL
  UNION ALL
  SELECT
    click_id,
    event_date,
    'impossible_repeat',
    $impossible_repeat_version,
    $impossible_repeat_kind,
    $impossible_repeat_state,
    $impossible_repeat_probability,
    concat(campaign_id, ':', actor_key),
    'seconds_since_previous',
    cast(floor(epoch(occurred_at)) AS BIGINT) - cast(floor(epoch(previous_at)) AS BIGINT)
  FROM features.click_velocity
  WHERE event_date BETWEEN $from_date AND $to_date
    AND occurred_at <= previous_at + $impossible_repeat_max_gap_seconds * INTERVAL 1 SECOND
),
clicks_of_day AS (
  SELECT event_date, count(*) AS clicks
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date
),
ranked AS (
  SELECT
    click_id, event_date, detector, detector_version, kind, state, probability, entity, found, seconds,
    count(*) OVER (PARTITION BY event_date, detector)                             AS flagged,
    rank() OVER (PARTITION BY event_date, detector ORDER BY seconds)              AS place
  FROM flags
)
SELECT
  r.click_id,
  r.event_date,
  r.detector,
  r.detector_version,
  r.kind,
  r.probability                                                                   AS probability,
  concat(r.detector, ':', r.entity)                                               AS case_key,
  [
    CASE
      WHEN r.seconds IS NULL THEN concat(r.found, '@', 100 * (d.clicks - r.flagged) // d.clicks)
      ELSE concat(r.found, '=', r.seconds, '@', 100 * (r.place - 1) // d.clicks)
    END
  ]                                                                               AS reason_codes,
  r.state                                                                         AS state
FROM ranked AS r
JOIN clicks_of_day AS d ON d.event_date = r.event_date
