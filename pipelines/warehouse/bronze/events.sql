/*
grain: one row per event line that the contract accepts, copies of one event included
partition: utc_date
owner: platform
freshness: 26h
columns:
  event_id: unique within its source
  source: registered name of the source
  type: entity.past_tense
  occurred_at: when it happened [UTC]
  utc_date: UTC day of occurred_at [day]
  actor_id: pseudonym of the person who did it
  device_id: pseudonym of the device
  session_id: the source's own session
  address: pseudonym of the network address
  address_block: the address's /24 or /48 block
  user_agent: as the client sent it
  data: the event's own fields, personal ones pseudonymised, as JSON
  mends: the quarantined line that this event replaces
  segment: sequence of the landing segment [number]
  line: line within the segment, from 1 [number]
  is_duplicate: a copy of this event landed before it [flag]
  contract_version: version of the contract that accepted it
expect:
  - not_null: [event_id, source, type, occurred_at, utc_date, segment, line, is_duplicate]
*/
