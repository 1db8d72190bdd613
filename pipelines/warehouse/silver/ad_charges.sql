/*
grain: one row per charge for a click, on the day of the click
partition: event_date
owner: ads
freshness: 26h
lookback: 1  # a charge may be dated up to a day before its click
lookahead: all
affects:
  bronze.events: |
    SELECT local_date(cast(data->>'$.clicked_at' AS TIMESTAMP)) FROM changed WHERE type = 'ad.charged'
columns:
  charge_id: the charge, as source:id
  click_id: the click that is paid for, as source:id
  event_date: reporting-local day of the click [day]
  clicked_at: when the click happened [UTC]
  charged_at: when it was charged [UTC]
  campaign_id: the campaign
  unit_id: the ad unit
  brand_id: the advertiser
  amount_minor: what the advertiser pays [minor]
  currency: ISO 4217
  budget_day: the day whose budget pays, if the source says it [day]
expect:
  - unique: [charge_id]
  - not_null: [charge_id, click_id, event_date, charged_at, campaign_id, unit_id, brand_id, amount_minor, currency]
  - between: {column: amount_minor, min: 0}
*/
SELECT
  concat(source, ':', data->>'$.charge_id')               AS charge_id,
  concat(source, ':', data->>'$.click_id')                AS click_id,
  local_date(cast(data->>'$.clicked_at' AS TIMESTAMP))    AS event_date,
  cast(data->>'$.clicked_at' AS TIMESTAMP)                AS clicked_at,
  occurred_at                                             AS charged_at,
  data->>'$.campaign_id'                                  AS campaign_id,
  data->>'$.unit_id'                                      AS unit_id,
  data->>'$.brand_id'                                     AS brand_id,
  cast(data->>'$.amount_minor' AS BIGINT)                 AS amount_minor,
  data->>'$.currency'                                     AS currency,
  cast(data->>'$.budget_day' AS DATE)                     AS budget_day
FROM bronze.events
WHERE type = 'ad.charged'
  AND NOT is_duplicate
  AND local_date(cast(data->>'$.clicked_at' AS TIMESTAMP)) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY source, data->>'$.charge_id', local_date(cast(data->>'$.clicked_at' AS TIMESTAMP))
  ORDER BY occurred_at, event_id
) = 1
