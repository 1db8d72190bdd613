/*
grain: one row per time that a coupon was claimed, redeemed or returned
partition: event_date
owner: shop
freshness: 26h
columns:
  event_id: the act, as source:id
  event_date: reporting-local day of the act [day]
  occurred_at: when it happened [UTC]
  act: claimed, redeemed or returned
  coupon_id: the coupon
  offer_id: the offer that it is of
  actor_id: whose coupon it is
  order_id: the order that it reduced or came back from, as source:id; empty if claimed
  reduction_minor: what it took off, empty unless redeemed [minor]
  currency: ISO 4217, empty unless redeemed
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, act, coupon_id, offer_id]
*/
SELECT
  concat(source, ':', event_id)               AS event_id,
  local_date(occurred_at)                     AS event_date,
  occurred_at,
  CASE
    WHEN type = 'coupon.claimed' THEN 'claimed'
    WHEN type = 'coupon.redeemed' THEN 'redeemed'
    ELSE 'returned'
  END                                         AS act,
  data->>'$.coupon_id'                        AS coupon_id,
  data->>'$.offer_id'                         AS offer_id,
  actor_id,
  CASE WHEN data->>'$.order_id' IS NOT NULL THEN concat(source, ':', data->>'$.order_id') END AS order_id,
  cast(data->>'$.reduction_minor' AS BIGINT)  AS reduction_minor,
  data->>'$.currency'                         AS currency
FROM bronze.events
WHERE type IN ('coupon.claimed', 'coupon.redeemed', 'coupon.returned')
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
