/*
grain: one row per credit of a charge, on the day of the click
partition: event_date
owner: ads
freshness: 26h
lookback: 1  # a credit may be dated up to a day before its click
lookahead: all
affects:
  bronze.events: |
    SELECT local_date(cast(data->>'$.clicked_at' AS TIMESTAMP)) FROM changed WHERE type = 'ad.credited'
columns:
  credit_id: the credit, as source:id
  charge_id: the charge that is given back, as source:id
  click_id: the click that had been charged, as source:id
  event_date: reporting-local day of the click [day]
  clicked_at: when the click happened [UTC]
  credited_at: when the money was given back [UTC]
  campaign_id: the campaign
  brand_id: the advertiser
  amount_minor: what the advertiser gets back [minor]
  currency: ISO 4217
  reason: why
  case_id: the case that found the click invalid, empty if there was none
expect:
  - unique: [credit_id]
  - not_null: [credit_id, charge_id, click_id, event_date, credited_at, campaign_id, brand_id, amount_minor, currency]
  - between: {column: amount_minor, min: 0}
*/
SELECT
  concat(source, ':', data->>'$.credit_id')               AS credit_id,
  concat(source, ':', data->>'$.charge_id')               AS charge_id,
  concat(source, ':', data->>'$.click_id')                AS click_id,
  local_date(cast(data->>'$.clicked_at' AS TIMESTAMP))    AS event_date,
  cast(data->>'$.clicked_at' AS TIMESTAMP)                AS clicked_at,
  occurred_at                                             AS credited_at,
  data->>'$.campaign_id'                                  AS campaign_id,
  data->>'$.brand_id'                                     AS brand_id,
  cast(data->>'$.amount_minor' AS BIGINT)                 AS amount_minor,
  data->>'$.currency'                                     AS currency,
  data->>'$.reason'                                       AS reason,
  data->>'$.case_id'                                      AS case_id
FROM bronze.events
WHERE type = 'ad.credited'
  AND NOT is_duplicate
  AND local_date(cast(data->>'$.clicked_at' AS TIMESTAMP)) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY source, data->>'$.credit_id', local_date(cast(data->>'$.clicked_at' AS TIMESTAMP))
  ORDER BY occurred_at, event_id
) = 1
