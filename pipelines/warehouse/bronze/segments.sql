/*
grain: one row per ingested landing segment
partition: utc_date
owner: platform
freshness: 26h
columns:
  source: registered name of the source
  segment: sequence of the landing segment [number]
  utc_date: UTC day on which the segment was closed [day]
  lines: lines that landed [count]
  accepted: of these, events that landed for the first time [count]
  duplicates: of these, copies of an event that had landed before [count]
  quarantined: of these, lines that the contract does not accept [count]
  contract_version: version of the contract that read it
expect:
  - unique: [source, segment]
  - no_rows: SELECT * FROM {batch} WHERE lines <> accepted + duplicates + quarantined
*/
