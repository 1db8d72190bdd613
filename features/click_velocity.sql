/*
grain: one row per ad click; an actor is an address, device model and system
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: 1
columns:
  click_id: the click
  event_date: reporting-local day of the click [day]
  occurred_at: when it happened [UTC]
  campaign_id: the campaign
  brand_id: the advertiser
  actor_key: address, device model and system in one name; empty unless all three are known
  address: pseudonym of the network address
  device_model: as the client said
  os: as the client said
  previous_click_id: the actor's click on the campaign before this one, by time, then id
  previous_at: when that was; empty if none on this day or the day before [UTC]
  clicks_before: the actor's earlier clicks on the campaign on this day and the day before; empty for an unknown actor [count]
expect:
  - unique: [click_id]
  - not_null: [click_id, event_date, occurred_at, campaign_id]
  - no_rows: SELECT * FROM {batch} WHERE previous_at > occurred_at
*/
WITH clicks AS (
  SELECT
    click_id, event_date, occurred_at, campaign_id, brand_id, address, device_model, os,
    CASE
      WHEN address IS NOT NULL AND device_model IS NOT NULL AND os IS NOT NULL
        THEN md5(concat(address, '|', device_model, '|', os))
    END AS actor_key
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date - 1 AND $to_date
),
sequenced AS (
  SELECT
    click_id,
    lag(click_id) OVER (PARTITION BY campaign_id, actor_key ORDER BY occurred_at, click_id)     AS previous_click_id,
    lag(event_date) OVER (PARTITION BY campaign_id, actor_key ORDER BY occurred_at, click_id)   AS previous_date,
    lag(occurred_at) OVER (PARTITION BY campaign_id, actor_key ORDER BY occurred_at, click_id)  AS previous_at,
    count(*) OVER (
      PARTITION BY campaign_id, actor_key
      ORDER BY date_diff('day', DATE '1970-01-01', event_date)
      RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING
    )                                                                                           AS clicks_yesterday,
    row_number() OVER (
      PARTITION BY campaign_id, actor_key, event_date ORDER BY occurred_at, click_id
    )                                                                                           AS click_of_day
  FROM clicks
  WHERE actor_key IS NOT NULL
)
SELECT
  c.click_id,
  c.event_date,
  c.occurred_at,
  c.campaign_id,
  c.brand_id,
  c.actor_key,
  c.address,
  c.device_model,
  c.os,
  CASE WHEN date_diff('day', s.previous_date, c.event_date) <= 1 THEN s.previous_click_id END   AS previous_click_id,
  CASE WHEN date_diff('day', s.previous_date, c.event_date) <= 1 THEN s.previous_at END         AS previous_at,
  s.clicks_yesterday + s.click_of_day - 1                                                       AS clicks_before
FROM clicks AS c
LEFT JOIN sequenced AS s ON s.click_id = c.click_id
WHERE c.event_date BETWEEN $from_date AND $to_date
