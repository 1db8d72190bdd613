/*
grain: one row per shop and day on which its state changed, as it stood at that day's end
partition: event_date
owner: catalog
freshness: 26h
columns:
  shop_id: the shop
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  brand_id: the brand whose shop it is, "(unknown)" if it is nobody's
  name: the name it shows
  status: applied, open or closed
  level: 1 is the lowest; sets the commission [number]
expect:
  - unique: [shop_id, event_date]
  - not_null: [shop_id, event_date, changed_at, brand_id, name, status, level]
*/
SELECT
  data->>'$.shop_id'                          AS shop_id,
  local_date(occurred_at)                     AS event_date,
  occurred_at                                 AS changed_at,
  coalesce(data->>'$.brand_id', '(unknown)')  AS brand_id,
  data->>'$.name'                             AS name,
  data->>'$.status'                           AS status,
  cast(data->>'$.level' AS BIGINT)            AS level
FROM bronze.events
WHERE type = 'shop.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.shop_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
