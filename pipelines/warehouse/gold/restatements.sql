/*
grain: one row per release, number that it changed, and cause of the change
partition: restated_on
owner: insight
freshness: 26h
columns:
  release: the release in which the number changed [number]
  restated_on: reporting-local day of the release [day]
  restated_at: when the release was made [UTC]
  mart: the table of the number
  metric: its column; with _net what is left of it after effective verdicts
  brand_id: the brand, empty if the mart is not by brand
  item: what else the number belongs to, in the order of the mart's keys
  stated_for: reporting-local day that the number describes [day]
  old_value: what the release before said [number]
  new_value: what this release says [number]
  cause: definition, erasure, late_data, refund, verdict or appeal
  change: how much of the difference the cause explains [number]
expect:
  - unique: [release, mart, metric, brand_id, item, stated_for, cause]
  - not_null: [release, restated_on, restated_at, mart, metric, item, stated_for, old_value, new_value, cause, change]
  - in_set: {column: cause, values: [definition, erasure, late_data, refund, verdict, appeal]}
  - no_rows: >
      SELECT release, mart, metric, brand_id, item, stated_for FROM {batch}
      GROUP BY release, mart, metric, brand_id, item, stated_for, old_value, new_value
      HAVING sum(change) <> new_value - old_value
notes: >
  Causes are told apart by computing the mart again with one kind of input after the other as it is now and
  the rest as it was, so that the parts add up to the change whatever the numbers are.
*/
