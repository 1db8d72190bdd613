/*
grain: one row per release, table of verdicts, day of its subjects and pair of states between which verdicts turned
partition: restated_on
owner: trust-and-safety
freshness: 26h
columns:
  release: the release in which they turned [number]
  restated_on: reporting-local day of the release [day]
  restated_at: when the release was made [UTC]
  verdicts_of: the table of verdicts
  stated_for: reporting-local day of the subjects, one that the release before had judged [day]
  state_before: pending, effective or dismissed in the release before; none if there was no verdict
  state_after: the same in this release
  turned: subjects whose verdict turned so [count]
  verdicts: subjects of that day with a verdict in either release [count]
expect:
  - unique: [release, verdicts_of, stated_for, state_before, state_after]
  - not_null: [release, restated_on, restated_at, verdicts_of, stated_for, state_before, state_after, turned, verdicts]
  - in_set: {column: state_before, values: [none, pending, effective, dismissed]}
  - in_set: {column: state_after, values: [none, pending, effective, dismissed]}
  - no_rows: SELECT * FROM {batch} WHERE state_before = state_after OR turned < 1 OR turned > verdicts
  - no_rows: >
      SELECT release, verdicts_of, stated_for, sum(turned) AS turned, max(verdicts) AS verdicts FROM {batch}
      WHERE release = (SELECT max(release) FROM {batch}) AND state_before <> 'pending'
        AND date_diff('day', stated_for, restated_on) > 28
      GROUP BY release, verdicts_of, stated_for
      HAVING sum(turned) >= 20 AND 10 * sum(turned) >= max(verdicts)
    severity: warning
notes: >
  Written when a release is made, from the verdicts of both: how far a night turned what earlier nights had said, by
  decisions, late facts, or another version of a detector. A day judged for the first time is no churn. After 28 days
  the conduct that detectors read looks at nothing new: then, what waits being decided aside, a tenth of a day's
  verdicts turned, 20 at least, is a warning.
*/
