/*
grain: one row per offer and day on which it changed, with its state at that day's end
partition: event_date
owner: catalog
freshness: 26h
columns:
  offer_id: the coupon or full-reduction offer
  event_date: reporting-local day of the change [day]
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
  - unique: [offer_id, event_date]
  - not_null: [offer_id, event_date, changed_at, shop_id, kind, threshold_minor, reduction_minor]
  - in_set: {column: kind, values: [coupon, full_reduction]}
*/
WITH states AS (
  SELECT
    data->>'$.offer_id'                           AS offer_id,
    local_date(occurred_at)                       AS event_date,
    occurred_at                                   AS changed_at,
    data->>'$.shop_id'                            AS shop_id,
    data->>'$.kind'                               AS kind,
    cast(data->>'$.threshold_minor' AS BIGINT)    AS threshold_minor,
    cast(data->>'$.reduction_minor' AS BIGINT)    AS reduction_minor,
    data->>'$.currency'                           AS currency,
    cast(data->>'$.starts_at' AS TIMESTAMP)       AS starts_at,
    cast(data->>'$.ends_at' AS TIMESTAMP)         AS ends_at,
    cast(data->>'$.limit' AS BIGINT)              AS coupon_limit,
    row_number() OVER (
      PARTITION BY data->>'$.offer_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
    )                                             AS recency
  FROM bronze.events
  WHERE type = 'offer.changed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT
  offer_id, event_date, changed_at, shop_id, kind, threshold_minor, reduction_minor, currency, starts_at, ends_at,
  coupon_limit
FROM states
WHERE recency = 1
