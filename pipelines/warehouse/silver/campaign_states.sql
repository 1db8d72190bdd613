/*
grain: one row per campaign and day on which it changed, with its state at that day's end
partition: event_date
owner: ads
freshness: 26h
columns:
  campaign_id: the campaign
  event_date: reporting-local day of the change [day]
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
  - unique: [campaign_id, event_date]
  - not_null: [campaign_id, event_date, changed_at, account_id, brand_id, name, status, daily_budget_minor, currency, starts_on]
*/
SELECT
  data->>'$.campaign_id'                         AS campaign_id,
  local_date(occurred_at)                        AS event_date,
  occurred_at                                    AS changed_at,
  data->>'$.account_id'                          AS account_id,
  data->>'$.brand_id'                            AS brand_id,
  data->>'$.name'                                AS name,
  data->>'$.status'                              AS status,
  cast(data->>'$.daily_budget_minor' AS BIGINT)  AS daily_budget_minor,
  data->>'$.currency'                            AS currency,
  cast(data->>'$.starts_on' AS DATE)             AS starts_on,
  cast(data->>'$.ends_on' AS DATE)               AS ends_on
FROM bronze.events
WHERE type = 'campaign.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.campaign_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
