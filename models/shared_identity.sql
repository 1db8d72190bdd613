/*
grain: one row per component of accounts that share devices, cards or parcels, and day
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  component_id: the member who signed up first
  event_date: the day at whose end this stood [day]
  accounts: people of the component [count]
  shared_devices: devices on which two or more of them were [count]
  shared_cards: cards or accounts with which two or more of them paid [count]
  shared_parcels: delivery addresses to which two or more of them ordered [count]
  shared_addresses: network addresses behind which two or more of them were, too [count]
  devices_per_account: devices of all over people [score]
  shared_share: share of its people's acts on what others of it use, too [share]
  new_share: people who signed up within four weeks [share]
  registration_span_days: from the first sign-up to the last [number]
  profile_share: people with a picture or words in their profile [share]
  common_targets: things on which at least half of its people acted [count]
  common_share: share of its people's acts on things that are on these [share]
  resembles: farm, household or unclear
expect:
  - unique: [component_id, event_date]
  - not_null: [component_id, event_date, accounts, resembles]
  - between: {column: accounts, min: 2}
  - in_set: {column: resembles, values: [farm, household, unclear]}
notes: >
  Its people stand in features.identity_components. A household shares devices and a line, signs up when it likes, and everybody goes after other things. A farm lives on
  its shared devices, and its accounts go after the same things. Resemblance is no verdict: scorecards ask for more.
*/
SELECT
  component_id,
  event_date,
  max(accounts)                                                     AS accounts,
  max(shared_devices)                                               AS shared_devices,
  max(shared_cards)                                                 AS shared_cards,
  max(shared_parcels)                                               AS shared_parcels,
  max(shared_addresses)                                             AS shared_addresses,
  max(devices_per_account)                                          AS devices_per_account,
  max(component_shared_share)                                       AS shared_share,
  max(new_share)                                                    AS new_share,
  max(registration_span_days)                                       AS registration_span_days,
  max(profile_share)                                                AS profile_share,
  max(common_targets)                                               AS common_targets,
  max(common_share)                                                 AS common_share,
  CASE
    WHEN max(common_targets) >= 2 AND max(common_share) >= 0.3 AND max(component_shared_share) >= 0.5 THEN 'farm'
    WHEN max(common_share) < 0.1 THEN 'household'
    ELSE 'unclear'
  END                                                               AS resembles
FROM features.identity_components
WHERE event_date BETWEEN $from_date AND $to_date
GROUP BY component_id, event_date
