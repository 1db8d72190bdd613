/*
grain: one row per time a user signed in on a device first, or removed it
partition: event_date
owner: community
freshness: 26h
columns:
  event_id: the act, as source:id
  event_date: reporting-local day of the act [day]
  occurred_at: when it happened [UTC]
  user_id: the user
  device_id: pseudonym of the device
  act: linked or unlinked
  model: as the client said, when linked
  os: as the client said, when linked
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, user_id, device_id, act]
  - in_set: {column: act, values: [linked, unlinked]}
*/
SELECT
  concat(source, ':', event_id)                                             AS event_id,
  local_date(occurred_at)                                                   AS event_date,
  occurred_at,
  data->>'$.user_id'                                                        AS user_id,
  data->>'$.linked_device'                                                  AS device_id,
  CASE WHEN type = 'device.linked' THEN 'linked' ELSE 'unlinked' END        AS act,
  data->>'$.model'                                                          AS model,
  data->>'$.os'                                                             AS os
FROM bronze.events
WHERE type IN ('device.linked', 'device.unlinked')
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
