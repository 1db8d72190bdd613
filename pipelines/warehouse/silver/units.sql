/*
grain: one row per ad unit, with its latest state
owner: ads
freshness: 26h
columns:
  unit_id: the ad unit
  changed_at: when this state began [UTC]
  campaign_id: its campaign
  name: the name that the advertiser gave it
  status: active, paused or ended
  placement: where its ads stand
  bid_minor: the most that a click may cost [minor]
  currency: ISO 4217
  interests: topics of the people it is shown to, none for everybody [list]
expect:
  - unique: [unit_id]
  - not_null: [unit_id, changed_at, campaign_id, name, status, placement, bid_minor, currency, interests]
*/
SELECT
  unit_id,
  changed_at,
  campaign_id,
  name,
  status,
  placement,
  bid_minor,
  currency,
  interests
FROM silver.unit_states
QUALIFY row_number() OVER (PARTITION BY unit_id ORDER BY event_date DESC) = 1
