/*
grain: one row per account of an advertiser and day on which it changed, with its state at that day's end
partition: event_date
owner: ads
freshness: 26h
columns:
  account_id: the account
  event_date: reporting-local day of the change [day]
  changed_at: when this state began [UTC]
  brand_id: the advertiser
  balance_minor: paid in and not yet spent, as last told [minor]
  currency: ISO 4217
expect:
  - unique: [account_id, event_date]
  - not_null: [account_id, event_date, changed_at, brand_id, balance_minor, currency]
*/
SELECT
  data->>'$.account_id'                     AS account_id,
  local_date(occurred_at)                   AS event_date,
  occurred_at                               AS changed_at,
  data->>'$.brand_id'                       AS brand_id,
  cast(data->>'$.balance_minor' AS BIGINT)  AS balance_minor,
  data->>'$.currency'                       AS currency
FROM bronze.events
WHERE type = 'ad_account.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.account_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
