/*
grain: one row per time that a carrier saw a parcel
partition: event_date
owner: shop
freshness: 26h
columns:
  event_id: the scan, as source:id
  event_date: reporting-local day of the scan [day]
  occurred_at: when it happened [UTC]
  shipment_id: the parcel, as source:id
  order_id: the order, as source:id
  place: where it was seen
  status: collected, in_transit, out_for_delivery or delivered
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, shipment_id, order_id, place, status]
*/
SELECT
  concat(source, ':', event_id)                 AS event_id,
  local_date(occurred_at)                       AS event_date,
  occurred_at,
  concat(source, ':', data->>'$.shipment_id')   AS shipment_id,
  concat(source, ':', data->>'$.order_id')      AS order_id,
  data->>'$.place'                              AS place,
  data->>'$.status'                             AS status
FROM bronze.events
WHERE type = 'parcel.scanned'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
