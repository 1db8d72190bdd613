/*
grain: one row per person, device, network address and day on which they were seen together
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  actor_id: the person
  device_id: pseudonym of the device, empty if the source does not say
  address: pseudonym of the network address, empty if the source does not say
  address_block: the address's /24 or /48 block
  event_date: reporting-local day [day]
  acts: events of any type that name the combination [count]
expect:
  - unique: [actor_id, device_id, address, address_block, event_date]
  - not_null: [actor_id, event_date, acts]
  - between: {column: acts, min: 1}
*/
SELECT
  actor_id,
  device_id,
  address,
  address_block,
  local_date(occurred_at)   AS event_date,
  count(*)                  AS acts
FROM bronze.events
WHERE actor_id IS NOT NULL
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
GROUP BY actor_id, device_id, address, address_block, local_date(occurred_at)
