/*
grain: one row per conversion, on the day of the click it belongs to
partition: event_date
owner: ads
freshness: 26h
lookback: 1  # a conversion may be dated up to a day before its click
lookahead: all
affects:
  bronze.events: |
    SELECT local_date(cast(data->>'$.clicked_at' AS TIMESTAMP)) FROM changed WHERE type = 'ad.converted'
columns:
  conversion_id: the conversion, as source:id
  click_id: the click it belongs to, as source:id
  event_date: reporting-local day of the click [day]
  clicked_at: when the click happened [UTC]
  converted_at: when the conversion happened [UTC]
  campaign_id: the campaign
  brand_id: the advertiser
  goal: what the advertiser paid for
  order_id: the order, as source:id, empty for other goals
expect:
  - unique: [conversion_id]
  - not_null: [conversion_id, click_id, event_date, campaign_id, brand_id, goal]
  - no_rows: SELECT * FROM {batch} WHERE converted_at < clicked_at
    severity: warning
*/
SELECT
  concat(source, ':', event_id)                           AS conversion_id,
  concat(source, ':', data->>'$.click_id')                AS click_id,
  local_date(cast(data->>'$.clicked_at' AS TIMESTAMP))    AS event_date,
  cast(data->>'$.clicked_at' AS TIMESTAMP)                AS clicked_at,
  occurred_at                                             AS converted_at,
  data->>'$.campaign_id'                                  AS campaign_id,
  data->>'$.brand_id'                                     AS brand_id,
  data->>'$.goal'                                         AS goal,
  CASE WHEN data->>'$.order_id' IS NOT NULL THEN concat(source, ':', data->>'$.order_id') END AS order_id
FROM bronze.events
WHERE type = 'ad.converted'
  AND NOT is_duplicate
  AND local_date(cast(data->>'$.clicked_at' AS TIMESTAMP)) BETWEEN $from_date AND $to_date
