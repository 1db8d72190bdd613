/*
grain: one row per brand and day on which its state changed, as it stood at that day's end
partition: event_date
owner: catalog
freshness: 26h
columns:
  brand_id: the brand
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  name: the name it shows
  status: applied, verified, certified or suspended; empty if the source does not say
  category: what it mainly sells, if told
expect:
  - unique: [brand_id, event_date]
  - not_null: [brand_id, event_date, changed_at, name]
*/
SELECT
  data->>'$.brand_id'       AS brand_id,
  local_date(occurred_at)   AS event_date,
  occurred_at               AS changed_at,
  data->>'$.name'           AS name,
  data->>'$.status'         AS status,
  data->>'$.category'       AS category
FROM bronze.events
WHERE type = 'brand.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.brand_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
