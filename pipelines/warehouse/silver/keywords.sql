/*
grain: one row per keyword that a search unit bids on, with its latest state
owner: ads
freshness: 26h
columns:
  keyword_id: the keyword
  changed_at: when this state began [UTC]
  unit_id: its ad unit
  keyword: the words, as the advertiser wrote them
  bid_minor: the most that a click may cost [minor]
  currency: ISO 4217
  status: active, paused or ended
expect:
  - unique: [keyword_id]
  - not_null: [keyword_id, changed_at, unit_id, keyword, bid_minor, currency, status]
*/
SELECT
  keyword_id,
  changed_at,
  unit_id,
  keyword,
  bid_minor,
  currency,
  status
FROM silver.keyword_states
QUALIFY row_number() OVER (PARTITION BY keyword_id ORDER BY event_date DESC) = 1
