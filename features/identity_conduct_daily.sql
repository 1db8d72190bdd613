/*
grain: one row per person and day on which the person was seen anywhere
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.identity_days: 34}  # what is new within a week was not there in the four weeks before it
columns:
  user_id: the person
  event_date: reporting-local day [day]
  acts: events of any type that name the person [count]
  devices_1d: devices used that day [count]
  addresses_1d: network addresses used that day [count]
  device_users_1d: the most people seen that day on one of the person's devices, the person included [count]
  address_users_1d: the same of the day's addresses [count]
  address_users_least: the fewest people seen that day behind one of the day's addresses [count]
  new_devices_1d: devices on which the person had not been for 28 days [count]
  new_addresses_1d: the same of network addresses [count]
  new_devices_7d: devices on which the person had not been for 28 days, first used that day or in the six days before [count]
  new_addresses_7d: the same of network addresses [count]
  active_days_7d: days on which the person was seen, that day and the six before [count]
  datacentre_share: share of the day's acts that came from hosted machines [share]
expect:
  - unique: [user_id, event_date]
  - not_null: [user_id, event_date, acts, new_devices_7d, new_addresses_7d, datacentre_share]
  - between: {column: acts, min: 1}
  - between: {column: datacentre_share, min: 0, max: 1}
*/
WITH seen AS (
  SELECT actor_id AS user_id, event_date, device_id, address, address_block, acts
  FROM silver.identity_days
  WHERE event_date BETWEEN $from_date - 34 AND $to_date
),
things AS (
  SELECT user_id, event_date, 'device' AS kind, device_id AS thing, sum(acts) AS acts
  FROM seen
  WHERE device_id IS NOT NULL
  GROUP BY user_id, event_date, device_id
  UNION ALL
  SELECT user_id, event_date, 'address', address, sum(acts)
  FROM seen
  WHERE address IS NOT NULL
  GROUP BY user_id, event_date, address
),
met AS (
  SELECT
    user_id, event_date, kind,
    count(*) OVER (PARTITION BY kind, thing, event_date)                                        AS users,
    date_diff('day', lag(event_date) OVER (PARTITION BY user_id, kind, thing ORDER BY event_date), event_date)  AS days_away
  FROM things
),
person_days AS (
  SELECT
    user_id, event_date,
    coalesce(sum(CASE WHEN kind = 'device' THEN 1 END), 0)                                        AS devices,
    coalesce(sum(CASE WHEN kind = 'address' THEN 1 END), 0)                                       AS addresses,
    max(CASE WHEN kind = 'device' THEN users END)                                                 AS device_users,
    max(CASE WHEN kind = 'address' THEN users END)                                                AS address_users,
    min(CASE WHEN kind = 'address' THEN users END)                                                AS address_users_least,
    coalesce(sum(CASE WHEN kind = 'device' AND coalesce(days_away, 29) > 28 THEN 1 END), 0)       AS new_devices,
    coalesce(sum(CASE WHEN kind = 'address' AND coalesce(days_away, 29) > 28 THEN 1 END), 0)      AS new_addresses
  FROM met
  WHERE event_date >= $from_date - 6
  GROUP BY user_id, event_date
),
weeks AS (
  SELECT
    user_id, event_date, devices, addresses, device_users, address_users, address_users_least, new_devices, new_addresses,
    sum(new_devices) OVER week      AS new_devices_7d,
    sum(new_addresses) OVER week    AS new_addresses_7d,
    count(*) OVER week              AS active_days_7d
  FROM person_days
  WINDOW week AS (
    PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 6 PRECEDING AND CURRENT ROW
  )
),
totals AS (
  SELECT
    s.user_id, s.event_date,
    sum(s.acts)                                                     AS acts,
    sum(CASE WHEN h.operator IS NOT NULL THEN s.acts ELSE 0 END)    AS hosted_acts
  FROM seen AS s
  LEFT JOIN features.hosted_blocks_daily AS h
    ON h.address_block = s.address_block AND h.event_date = s.event_date
    AND h.event_date BETWEEN $from_date AND $to_date
  WHERE s.event_date >= $from_date
  GROUP BY s.user_id, s.event_date
)
SELECT
  t.user_id,
  t.event_date,
  t.acts,
  coalesce(w.devices, 0)            AS devices_1d,
  coalesce(w.addresses, 0)          AS addresses_1d,
  w.device_users                    AS device_users_1d,
  w.address_users                   AS address_users_1d,
  w.address_users_least             AS address_users_least,
  coalesce(w.new_devices, 0)        AS new_devices_1d,
  coalesce(w.new_addresses, 0)      AS new_addresses_1d,
  coalesce(w.new_devices_7d, 0)     AS new_devices_7d,
  coalesce(w.new_addresses_7d, 0)   AS new_addresses_7d,
  coalesce(w.active_days_7d, 0)     AS active_days_7d,
  cast(t.hosted_acts AS DOUBLE) / nullif(t.acts, 0)   AS datacentre_share
FROM totals AS t
LEFT JOIN weeks AS w ON w.user_id = t.user_id AND w.event_date = t.event_date
