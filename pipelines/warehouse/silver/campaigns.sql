/*
grain: one row per campaign, with its latest state
owner: ads
freshness: 26h
columns:
  campaign_id: the campaign
  changed_at: when this state began [UTC]
  account_id: the account that pays
  brand_id: the advertiser
  name: the name that the advertiser gave it
  status: active, paused or ended
  daily_budget_minor: the most that a day may cost [minor]
  currency: ISO 4217
  starts_on: first day on which it runs [day]
  ends_on: last day on which it runs, empty if none is set [day]
expect:
  - unique: [campaign_id]
  - not_null: [campaign_id, changed_at, account_id, brand_id, name, status, daily_budget_minor, currency, starts_on]
*/
SELECT
  campaign_id,
  changed_at,
  account_id,
  brand_id,
  name,
  status,
  daily_budget_minor,
  currency,
  starts_on,
  ends_on
FROM silver.campaign_states
QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY event_date DESC) = 1
