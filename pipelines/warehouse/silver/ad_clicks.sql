/*
grain: one row per click on an ad
partition: event_date
owner: ads
freshness: 26h
columns:
  click_id: the click, as source:id
  event_date: reporting-local day of the click [day]
  occurred_at: when it happened [UTC]
  campaign_id: the campaign
  brand_id: the advertiser
  placement: where the ad stood
  unit_id: the ad unit, empty if the source does not say
  creative_id: the creative, empty if the source does not say
  keyword_id: the keyword that was bid on, empty outside of search
  request_id: the request that served it, empty if the source does not say
  actor_id: who clicked, if signed in
  device_id: pseudonym of the device
  session_id: the source's own session
  address: pseudonym of the network address
  address_block: the address's /24 or /48 block
  device_model: as the client said
  os: as the client said
  user_agent: as the client sent it
expect:
  - unique: [click_id]
  - not_null: [click_id, event_date, occurred_at, campaign_id, brand_id, placement]
*/
SELECT
  concat(source, ':', event_id) AS click_id,
  local_date(occurred_at)   AS event_date,
  occurred_at,
  data->>'$.campaign_id'    AS campaign_id,
  data->>'$.brand_id'       AS brand_id,
  data->>'$.placement'      AS placement,
  data->>'$.unit_id'        AS unit_id,
  data->>'$.creative_id'    AS creative_id,
  data->>'$.keyword_id'     AS keyword_id,
  data->>'$.request_id'     AS request_id,
  actor_id,
  device_id,
  session_id,
  address,
  address_block,
  data->>'$.device_model'   AS device_model,
  data->>'$.os'             AS os,
  user_agent
FROM bronze.events
WHERE type = 'ad.clicked'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
