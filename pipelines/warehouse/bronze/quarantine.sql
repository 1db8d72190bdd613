/*
grain: one row per landed line that the contract does not accept
partition: utc_date
owner: platform
freshness: 26h
columns:
  quarantine_id: source, segment and line in one name
  source: registered name of the source
  segment: sequence of the landing segment [number]
  line: line within the segment, from 1 [number]
  utc_date: UTC day on which the segment was closed [day]
  code: what is wrong
  detail: the field it is wrong in, or more words
  raw: the line as it landed, encrypted [bytes]
  contract_version: version of the contract that refused it
expect:
  - unique: [quarantine_id]
  - not_null: [quarantine_id, source, code, raw]
*/
