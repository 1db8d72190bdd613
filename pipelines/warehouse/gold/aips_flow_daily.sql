/*
grain: one row per brand, day and pair of stages that somebody had at the end of the day before and of the day
partition: event_date
owner: insight
freshness: 26h
lookback: $aips_purchase_days
columns:
  brand_id: the brand
  event_date: reporting-local day [day]
  from_stage: stage at the end of the day before; none, aware, interested, truly_interested, purchased or shared
  to_stage: stage at the day's end, likewise; the same as before for those who stayed
  people: people of this pair; who has none on both days is not counted [count]
expect:
  - unique: [brand_id, event_date, from_stage, to_stage]
  - not_null: [brand_id, event_date, from_stage, to_stage, people]
  - between: {column: people, min: 1}
  - in_set: {column: from_stage, values: [none, aware, interested, truly_interested, purchased, shared]}
  - in_set: {column: to_stage, values: [none, aware, interested, truly_interested, purchased, shared]}
  - no_rows: SELECT * FROM {batch} WHERE from_stage = 'none' AND to_stage = 'none'
  - no_rows: >
      SELECT brand_id, event_date, stage, sum(arrived) AS arrived, sum(went_on) AS went_on FROM (
        SELECT brand_id, event_date, to_stage AS stage, people AS arrived, 0 AS went_on FROM {batch}
        WHERE event_date < $to_date
        UNION ALL
        SELECT brand_id, event_date - 1, from_stage, 0, people FROM {batch} WHERE event_date > $from_date
      ) AS sides WHERE stage <> 'none' GROUP BY ALL HAVING sum(arrived) <> sum(went_on)
*/
WITH turns AS (
  SELECT user_id, brand_id, event_date, from_stage, stage
  FROM features.aips_people
  WHERE event_date BETWEEN $from_date - $aips_purchase_days AND $to_date
),
last_turns AS (
  SELECT
    brand_id, stage,
    row_number() OVER (PARTITION BY user_id, brand_id ORDER BY event_date DESC) AS recency
  FROM turns
  WHERE event_date < $from_date
),
moves AS (
  SELECT brand_id, event_date, from_stage, stage AS to_stage, count(*) AS people
  FROM turns
  WHERE event_date >= $from_date AND from_stage <> stage
  GROUP BY brand_id, event_date, from_stage, stage
),
changes AS (
  SELECT brand_id, $from_date - 1 AS event_date, stage, 1 AS people, 0 AS came
  FROM last_turns
  WHERE recency = 1
  UNION ALL
  SELECT brand_id, event_date, to_stage, people, people
  FROM moves
  UNION ALL
  SELECT brand_id, event_date, from_stage, -people, 0
  FROM moves
),
day_changes AS (
  SELECT brand_id, event_date, stage, sum(people) AS people, sum(came) AS came
  FROM changes
  WHERE stage > 0
  GROUP BY brand_id, event_date, stage
),
days AS (
  SELECT cast(day AS DATE) AS event_date
  FROM (SELECT unnest(generate_series($from_date - 1, $to_date, INTERVAL 1 DAY)) AS day) AS series
),
stages AS (
  SELECT DISTINCT brand_id, stage
  FROM day_changes
),
standing AS (
  SELECT
    s.brand_id, days.event_date, s.stage, coalesce(c.came, 0) AS came,
    sum(coalesce(c.people, 0)) OVER (
      PARTITION BY s.brand_id, s.stage ORDER BY days.event_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS people
  FROM stages AS s
  CROSS JOIN days
  LEFT JOIN day_changes AS c ON c.brand_id = s.brand_id AND c.stage = s.stage AND c.event_date = days.event_date
),
flows AS (
  SELECT brand_id, event_date, from_stage, to_stage, people
  FROM moves
  UNION ALL
  SELECT brand_id, event_date, stage, stage, people - came
  FROM standing
  WHERE event_date >= $from_date AND people > came
),
names AS (
  SELECT stage, name FROM (VALUES
    (0, 'none'), (1, 'aware'), (2, 'interested'), (3, 'truly_interested'), (4, 'purchased'), (5, 'shared')
  ) AS names(stage, name)
)
SELECT
  f.brand_id,
  f.event_date,
  origin.name   AS from_stage,
  target.name   AS to_stage,
  f.people
FROM flows AS f
JOIN names AS origin ON origin.stage = f.from_stage
JOIN names AS target ON target.stage = f.to_stage
