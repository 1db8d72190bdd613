/*
grain: one row per person, creator and day that changed whether the person follows the creator
partition: event_date
owner: community
freshness: 26h
columns:
  actor_id: who follows
  creator_id: whom
  event_date: reporting-local day of the acts [day]
  occurred_at: the day's last such act [UTC]
  net: 1 began to follow, -1 ended it [number]
expect:
  - not_null: [creator_id, event_date, occurred_at, net]
  - in_set: {column: net, values: [1, -1]}
  - no_rows: >
      SELECT actor_id, creator_id, event_date FROM {batch} WHERE actor_id IS NOT NULL
      GROUP BY ALL HAVING count(*) > 1
notes: >
  Before the day's first act stood its opposite, so the day's change follows from its first and last act alone.
*/
WITH acts AS (
  SELECT
    actor_id,
    coalesce(actor_id, device_id, concat(source, ':', event_id))  AS person,
    data->>'$.creator_id'                                         AS creator_id,
    local_date(occurred_at)                                       AS event_date,
    occurred_at,
    concat(source, ':', event_id)                                 AS event_id,
    CASE WHEN type = 'creator.followed' THEN 1 ELSE -1 END        AS sign
  FROM bronze.events
  WHERE type IN ('creator.followed', 'creator.unfollowed')
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
changes AS (
  SELECT
    max(actor_id)                             AS actor_id,
    creator_id,
    event_date,
    max(occurred_at)                          AS occurred_at,
    arg_min(sign, (occurred_at, event_id))    AS first_sign,
    arg_max(sign, (occurred_at, event_id))    AS last_sign
  FROM acts
  GROUP BY person, creator_id, event_date
)
SELECT actor_id, creator_id, event_date, occurred_at, last_sign AS net
FROM changes
WHERE first_sign = last_sign
