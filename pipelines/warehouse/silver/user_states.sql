/*
grain: one row per user and day on which the user's state changed, as it stood at that day's end
partition: event_date
owner: community
freshness: 26h
columns:
  user_id: the user
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  status: active or suspended
  registered_on: day of sign-up [day]
  city: where the user says to live, if told
  city_tier: 1 is the largest cities [number]
  gender: female, male or unknown
  birth_year: as the user says, if told [number]
  has_avatar: the profile has a picture [flag]
  has_bio: the profile has words [flag]
  interests: topics chosen at sign-up [list]
expect:
  - unique: [user_id, event_date]
  - not_null: [user_id, event_date, changed_at, status, registered_on]
  - in_set: {column: status, values: [active, suspended]}
*/
SELECT
  data->>'$.user_id'                                AS user_id,
  local_date(occurred_at)                           AS event_date,
  occurred_at                                       AS changed_at,
  data->>'$.status'                                 AS status,
  cast(data->>'$.registered_on' AS DATE)            AS registered_on,
  data->>'$.city'                                   AS city,
  cast(data->>'$.city_tier' AS BIGINT)              AS city_tier,
  coalesce(data->>'$.gender', 'unknown')            AS gender,
  cast(data->>'$.birth_year' AS BIGINT)             AS birth_year,
  cast(data->>'$.has_avatar' AS BOOLEAN)            AS has_avatar,
  cast(data->>'$.has_bio' AS BOOLEAN)               AS has_bio,
  json_strings(data, '$.interests')                 AS interests
FROM bronze.events
WHERE type = 'user.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.user_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
