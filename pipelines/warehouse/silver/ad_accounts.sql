/*
grain: one row per account of an advertiser, with its latest state
owner: ads
freshness: 26h
columns:
  account_id: the account
  changed_at: when this state began [UTC]
  brand_id: the advertiser
  balance_minor: paid in and not yet spent, as last told [minor]
  currency: ISO 4217
expect:
  - unique: [account_id]
  - not_null: [account_id, changed_at, brand_id, balance_minor, currency]
*/
SELECT
  account_id,
  changed_at,
  brand_id,
  balance_minor,
  currency
FROM silver.ad_account_states
QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY event_date DESC) = 1
