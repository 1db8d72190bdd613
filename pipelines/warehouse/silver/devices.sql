/*
grain: one row per device on which a user ever signed in
owner: community
freshness: 26h
columns:
  device_id: pseudonym of the device
  model: as the client said last, when linked
  os: as the client said last, when linked
  users: distinct users who ever signed in on it [count]
  linked_users: of these, users who have not removed it since [count]
expect:
  - unique: [device_id]
  - not_null: [device_id, users, linked_users]
  - no_rows: SELECT * FROM {batch} WHERE linked_users > users OR linked_users < 0
*/
WITH last_acts AS (
  SELECT device_id, user_id, arg_max(act, (occurred_at, event_id)) AS act
  FROM silver.device_links
  GROUP BY device_id, user_id
),
people AS (
  SELECT device_id, count(*) AS users, count(*) FILTER (WHERE act = 'linked') AS linked_users
  FROM last_acts
  GROUP BY device_id
),
clients AS (
  SELECT device_id, model, os
  FROM silver.device_links
  WHERE act = 'linked'
  QUALIFY row_number() OVER (PARTITION BY device_id ORDER BY occurred_at DESC, event_id DESC) = 1
)
SELECT people.device_id, clients.model, clients.os, people.users, people.linked_users
FROM people
LEFT JOIN clients ON clients.device_id = people.device_id
