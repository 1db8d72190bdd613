/*
grain: one row per person and day on which the person acted, and per Sunday on which the last act is not too old
partition: event_date
owner: insight
freshness: 26h
lookback: $profile_lookback_days
columns:
  user_id: the person
  event_date: the day whose end is looked at [day]
  is_active: the person acted on this day; otherwise it is a Sunday [flag]
expect:
  - unique: [user_id, event_date]
  - not_null: [user_id, event_date, is_active]
notes: >
  The days for which people have a profile. A row for everybody every day would be mostly copies; without Sundays
  nobody would ever fall silent. Who has not acted for $profile_lookback_days days has no row. The profile of a person
  as of any day is the newest row that is not later.
*/
WITH acted AS (
  SELECT user_id, event_date
  FROM features.user_activity_daily
  WHERE event_date BETWEEN $from_date - $profile_lookback_days AND $to_date
),
days AS (
  SELECT cast(day AS DATE) AS event_date
  FROM (SELECT unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS day) AS series
),
found AS (
  SELECT user_id, event_date, 1 AS active
  FROM acted
  WHERE event_date >= $from_date
  UNION ALL
  SELECT DISTINCT a.user_id, d.event_date, 0
  FROM days AS d
  JOIN acted AS a ON a.event_date BETWEEN d.event_date - $profile_lookback_days AND d.event_date
  WHERE date_diff('day', DATE '1970-01-04', d.event_date) % 7 = 0
)
SELECT user_id, event_date, max(active) = 1 AS is_active
FROM found
GROUP BY user_id, event_date
