/*
grain: one row per person and day on which the person was seen with a device or a network address
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: $identity_lookback_days
columns:
  user_id: the person
  event_date: reporting-local day [day]
  device_others: the most other people who were seen on one of the day's devices, on it or in the days before [count]
  address_others: the same of the day's network addresses [count]
expect:
  - unique: [user_id, event_date]
  - not_null: [user_id, event_date, device_others, address_others]
  - between: {column: device_others, min: 0}
  - between: {column: address_others, min: 0}
notes: >
  A person is on a device, or behind an address, from a day of use until $identity_lookback_days days after it. Comings
  and goings are added up over time, which is linear in the days of use: an address that a campus shares costs no pairs.
*/
WITH seen AS (
  SELECT DISTINCT 'device' AS kind, device_id AS thing, actor_id AS user_id, event_date
  FROM silver.identity_days
  WHERE device_id IS NOT NULL AND event_date BETWEEN $from_date - $identity_lookback_days AND $to_date
  UNION ALL
  SELECT DISTINCT 'address', address, actor_id, event_date
  FROM silver.identity_days
  WHERE address IS NOT NULL AND event_date BETWEEN $from_date - $identity_lookback_days AND $to_date
),
stays AS (
  SELECT
    kind, thing, user_id, event_date,
    lead(event_date) OVER (PARTITION BY kind, thing, user_id ORDER BY event_date) AS next_date
  FROM seen
),
moves AS (
  SELECT kind, thing, event_date, 1 AS change
  FROM stays
  UNION ALL
  SELECT kind, thing, least(coalesce(next_date, event_date + $identity_lookback_days + 1), event_date + $identity_lookback_days + 1), -1
  FROM stays
),
moved_days AS (
  SELECT kind, thing, event_date, sum(change) AS change
  FROM moves
  GROUP BY kind, thing, event_date
),
peopled AS (
  SELECT
    kind, thing, event_date,
    sum(change) OVER (
      PARTITION BY kind, thing ORDER BY event_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS people
  FROM moved_days
)
SELECT
  s.user_id,
  s.event_date,
  coalesce(max(p.people) FILTER (WHERE s.kind = 'device') - 1, 0)     AS device_others,
  coalesce(max(p.people) FILTER (WHERE s.kind = 'address') - 1, 0)    AS address_others
FROM seen AS s
JOIN peopled AS p ON p.kind = s.kind AND p.thing = s.thing AND p.event_date = s.event_date
WHERE s.event_date BETWEEN $from_date AND $to_date
GROUP BY s.user_id, s.event_date
