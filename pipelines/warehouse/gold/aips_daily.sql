/*
grain: one row per brand, day and stage that somebody has with the brand at the day's end
partition: event_date
owner: insight
freshness: 26h
columns:
  brand_id: the brand
  event_date: reporting-local day [day]
  stage: the furthest that these people have come; aware, interested, truly_interested, purchased or shared
  people: people in this stage, each in one stage of a brand [count]
  arrivals: of these, people who were in another stage or none the day before [count]
expect:
  - unique: [brand_id, event_date, stage]
  - not_null: [brand_id, event_date, stage, people, arrivals]
  - between: {column: people, min: 1}
  - no_rows: SELECT * FROM {batch} WHERE arrivals > people
  - in_set: {column: stage, values: [aware, interested, truly_interested, purchased, shared]}
notes: What brings a person into a stage, and for how long, stands in features.aips_people.
*/
SELECT
  brand_id,
  event_date,
  to_stage                                                        AS stage,
  sum(people)                                                     AS people,
  sum(CASE WHEN from_stage <> to_stage THEN people ELSE 0 END)    AS arrivals
FROM gold.aips_flow_daily
WHERE event_date BETWEEN $from_date AND $to_date AND to_stage <> 'none'
GROUP BY brand_id, event_date, to_stage
