/*
grain: one row per creator and day on which the creator's state changed, as it stood at that day's end
partition: event_date
owner: community
freshness: 26h
columns:
  creator_id: the user who publishes notes
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  tier: nano, micro, mid, macro or mega, by size
  followers: people who follow the creator, as the platform counts them [count]
expect:
  - unique: [creator_id, event_date]
  - not_null: [creator_id, event_date, changed_at, tier, followers]
  - between: {column: followers, min: 0}
*/
SELECT
  data->>'$.creator_id'                   AS creator_id,
  local_date(occurred_at)                 AS event_date,
  occurred_at                             AS changed_at,
  data->>'$.tier'                         AS tier,
  cast(data->>'$.followers' AS BIGINT)    AS followers
FROM bronze.events
WHERE type = 'creator.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.creator_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
