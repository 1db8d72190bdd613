/*
grain: one row per offer, its latest state by event time
owner: catalog
freshness: 26h
columns:
  offer_id: the coupon or full-reduction offer
  changed_at: when this state began [UTC]
  shop_id: the shop that makes it
  kind: coupon or full_reduction
  threshold_minor: from which sum on it holds [minor]
  reduction_minor: what it takes off [minor]
  currency: ISO 4217
  starts_at: from when on it holds [UTC]
  ends_at: until when it holds [UTC]
  coupon_limit: how many coupons there are, 0 for no limit [count]
expect:
  - unique: [offer_id]
  - not_null: [offer_id, changed_at, shop_id, kind]
*/
WITH states AS (
  SELECT
    offer_id, changed_at, shop_id, kind, threshold_minor, reduction_minor, currency, starts_at, ends_at, coupon_limit,
    row_number() OVER (PARTITION BY offer_id ORDER BY event_date DESC) AS recency
  FROM silver.offer_states
)
SELECT
  offer_id, changed_at, shop_id, kind, threshold_minor, reduction_minor, currency, starts_at, ends_at, coupon_limit
FROM states
WHERE recency = 1
