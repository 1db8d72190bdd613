/*
grain: one row per ad that a person saw in the answer to one request; rendered again that day, the first counts
partition: event_date
owner: ads
freshness: 26h
columns:
  impression_id: the impression, as source:id
  event_date: reporting-local day on which it was rendered [day]
  occurred_at: when it was rendered first [UTC]
  actor_id: who saw it, if signed in
  device_id: pseudonym of the device
  session_id: the source's own session
  request_id: the request that served it
  position: from the top, 1 is the first [number]
  placement: where the ad stood
  creative_id: the creative
  unit_id: the ad unit
  campaign_id: the campaign
  brand_id: the advertiser
expect:
  - unique: [impression_id]
  - not_null: [impression_id, event_date, occurred_at, request_id, placement, creative_id, unit_id, campaign_id, brand_id]
*/
WITH renderings AS (
  SELECT
    concat(source, ':', event_id)             AS impression_id,
    local_date(occurred_at)                   AS event_date,
    occurred_at,
    actor_id,
    device_id,
    session_id,
    data->>'$.request_id'                     AS request_id,
    cast(data->>'$.position' AS BIGINT)       AS position,
    data->>'$.placement'                      AS placement,
    data->>'$.creative_id'                    AS creative_id,
    data->>'$.unit_id'                        AS unit_id,
    data->>'$.campaign_id'                    AS campaign_id,
    data->>'$.brand_id'                       AS brand_id
  FROM bronze.events
  WHERE type = 'ad.impressed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT
  impression_id, event_date, occurred_at, actor_id, device_id, session_id, request_id, position, placement,
  creative_id, unit_id, campaign_id, brand_id
FROM renderings
QUALIFY row_number() OVER (
  PARTITION BY event_date, request_id, creative_id, coalesce(actor_id, device_id)
  ORDER BY occurred_at, impression_id
) = 1
