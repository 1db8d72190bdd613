/*
grain: one row per ad unit and day on which it changed, with its state at that day's end
partition: event_date
owner: ads
freshness: 26h
columns:
  unit_id: the ad unit
  event_date: reporting-local day of the change [day]
  changed_at: when this state began [UTC]
  campaign_id: its campaign
  name: the name that the advertiser gave it
  status: active, paused or ended
  placement: where its ads stand
  bid_minor: the most that a click may cost [minor]
  currency: ISO 4217
  interests: topics of the people it is shown to, none for everybody [list]
expect:
  - unique: [unit_id, event_date]
  - not_null: [unit_id, event_date, changed_at, campaign_id, name, status, placement, bid_minor, currency, interests]
*/
SELECT
  data->>'$.unit_id'                    AS unit_id,
  local_date(occurred_at)               AS event_date,
  occurred_at                           AS changed_at,
  data->>'$.campaign_id'                AS campaign_id,
  data->>'$.name'                       AS name,
  data->>'$.status'                     AS status,
  data->>'$.placement'                  AS placement,
  cast(data->>'$.bid_minor' AS BIGINT)  AS bid_minor,
  data->>'$.currency'                   AS currency,
  json_strings(data, '$.interests')     AS interests
FROM bronze.events
WHERE type = 'unit.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.unit_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
