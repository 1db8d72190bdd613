/*
grain: one row per person and day whose devices, cards or delivery addresses others shared within four weeks
partition: event_date
owner: trust-and-safety
freshness: 26h
made_by: features.identity_components:identity_components
says: [companies.py, components.py]
reads: [silver.identity_days, silver.payments, silver.orders, silver.user_states, features.target_acts]
lookback: {silver.identity_days: 27, silver.payments: 27, silver.orders: 57, silver.user_states: all, features.target_acts: 27}
columns:
  user_id: the person
  event_date: the day at whose end this stood [day]
  component_id: the component's member who signed up first
  accounts: people of the component [count]
  shared_devices: devices on which two or more of them were [count]
  shared_cards: cards or accounts with which two or more of them paid [count]
  shared_parcels: delivery addresses to which two or more of them ordered [count]
  shared_addresses: network addresses behind which two or more of them were, too [count]
  largest_device: the most of them on one device [count]
  devices_per_account: devices of all over people [score]
  shared_share: share of the person's acts on devices that others of the component used, too [share]
  component_shared_share: the same of all its people's acts [share]
  new_share: people of the component who signed up within the four weeks [share]
  registration_span_days: from the first of its sign-ups to the last [number]
  profile_share: share of its people with a picture or words in their profile [share]
  targets: distinct things that its people engaged with, followed, clicked, reviewed, ordered from or claimed [count]
  common_targets: of these, things on which at least half of its people, and two, acted [count]
  common_share: share of its people's acts on things that are on common ones [share]
expect:
  - unique: [user_id, event_date]
  - not_null: [user_id, event_date, component_id, accounts, shared_share, common_share]
  - between: {column: accounts, min: 2}
  - between: {column: shared_share, min: 0, max: 1}
notes: >
  A network address joins nobody: offices, campuses and carriers put strangers behind one. Nor does a device, card or
  delivery address that more than 12 people use in four weeks. Families are components: what tells them from farms is
  that a farm has fewer devices than accounts, new ones, and that its accounts all act on the same things.
*/
