/*
grain: one row per keyword that a search unit bids on and day on which it changed, with its state at that day's end
partition: event_date
owner: ads
freshness: 26h
columns:
  keyword_id: the keyword
  event_date: reporting-local day of the change [day]
  changed_at: when this state began [UTC]
  unit_id: its ad unit
  keyword: the words, as the advertiser wrote them
  bid_minor: the most that a click may cost [minor]
  currency: ISO 4217
  status: active, paused or ended
expect:
  - unique: [keyword_id, event_date]
  - not_null: [keyword_id, event_date, changed_at, unit_id, keyword, bid_minor, currency, status]
*/
SELECT
  data->>'$.keyword_id'                 AS keyword_id,
  local_date(occurred_at)               AS event_date,
  occurred_at                           AS changed_at,
  data->>'$.unit_id'                    AS unit_id,
  data->>'$.keyword'                    AS keyword,
  cast(data->>'$.bid_minor' AS BIGINT)  AS bid_minor,
  data->>'$.currency'                   AS currency,
  data->>'$.status'                     AS status
FROM bronze.events
WHERE type = 'keyword.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.keyword_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
