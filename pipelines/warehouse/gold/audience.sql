/*
grain: one row per brand, stage, dimension and value that people of the stage have, as of the newest day
owner: insight
freshness: 26h
columns:
  brand_id: the brand
  as_of: the day at whose end the stages stand [day]
  stage: aware, interested, truly_interested, purchased or shared
  dimension: city_tier, age, gender, topic (the interest that matters most) or price_tier
  value: the value, "(unknown)" for people of whom it is not known
  people: people of the stage with this value; empty if too few [count]
  share: of the stage's people; empty if too few [share]
  tgi: share within the stage over share among all who acted lately, times 100; empty if too few [score]
  is_too_few: fewer than $audience_floor people, or the one group that would tell how many these are [flag]
expect:
  - unique: [brand_id, stage, dimension, value]
  - not_null: [brand_id, as_of, stage, dimension, value, is_too_few]
  - between: {column: people, min: 1}
  - between: {column: share, min: 0, max: 1}
  - no_rows: SELECT * FROM {batch} WHERE is_too_few <> (people IS NULL) OR is_too_few <> (share IS NULL)
  - no_rows: SELECT * FROM {batch} WHERE is_too_few AND tgi IS NOT NULL
  - in_set: {column: stage, values: [aware, interested, truly_interested, purchased, shared]}
notes: >
  Compared with everybody who acted within $aips_purchase_days days. If a single group of a stage and dimension is too
  few, the next larger one is not told either: the stage's people less all the others would be the answer.
*/
WITH newest AS (
  SELECT max(event_date) AS as_of
  FROM features.aips_people
),
last_turns AS (
  SELECT
    p.user_id, p.brand_id, p.stage,
    row_number() OVER (PARTITION BY p.user_id, p.brand_id ORDER BY p.event_date DESC) AS recency
  FROM features.aips_people AS p
  CROSS JOIN newest
  WHERE p.event_date > newest.as_of - $aips_purchase_days
),
staged AS (
  SELECT
    user_id, brand_id,
    CASE stage
      WHEN 1 THEN 'aware' WHEN 2 THEN 'interested' WHEN 3 THEN 'truly_interested' WHEN 4 THEN 'purchased' ELSE 'shared'
    END AS stage
  FROM last_turns
  WHERE recency = 1 AND stage > 0
),
last_profiles AS (
  SELECT
    p.user_id, p.topic, p.price_tier,
    row_number() OVER (PARTITION BY p.user_id ORDER BY p.event_date DESC) AS recency
  FROM features.user_profile_daily AS p
  CROSS JOIN newest
  WHERE p.event_date > newest.as_of - $aips_purchase_days AND p.event_date <= newest.as_of
),
population AS (
  SELECT user_id FROM last_profiles WHERE recency = 1
  UNION
  SELECT user_id FROM staged
),
aged AS (
  SELECT
    users.user_id, users.city_tier, users.gender,
    cast(substring(cast(newest.as_of AS VARCHAR), 1, 4) AS BIGINT) - users.birth_year AS age
  FROM silver.users AS users
  CROSS JOIN newest
),
people AS (
  SELECT
    population.user_id,
    cast(aged.city_tier AS VARCHAR) AS city_tier,
    CASE
      WHEN aged.age < 18 THEN 'under 18'
      WHEN aged.age < 25 THEN '18-24'
      WHEN aged.age < 35 THEN '25-34'
      WHEN aged.age < 45 THEN '35-44'
      WHEN aged.age >= 45 THEN '45 and over'
    END AS age,
    CASE WHEN aged.gender <> 'unknown' THEN aged.gender END AS gender,
    profiles.topic, profiles.price_tier
  FROM population
  LEFT JOIN aged ON aged.user_id = population.user_id
  LEFT JOIN last_profiles AS profiles ON profiles.user_id = population.user_id AND profiles.recency = 1
),
described AS (
  SELECT user_id, 'city_tier' AS dimension, coalesce(city_tier, '(unknown)') AS value FROM people
  UNION ALL
  SELECT user_id, 'age', coalesce(age, '(unknown)') FROM people
  UNION ALL
  SELECT user_id, 'gender', coalesce(gender, '(unknown)') FROM people
  UNION ALL
  SELECT user_id, 'topic', coalesce(topic, '(unknown)') FROM people
  UNION ALL
  SELECT user_id, 'price_tier', coalesce(price_tier, '(unknown)') FROM people
),
everybody AS (
  SELECT dimension, value, count(*) AS people, sum(count(*)) OVER (PARTITION BY dimension) AS of_all
  FROM described
  GROUP BY dimension, value
),
counted AS (
  SELECT staged.brand_id, staged.stage, described.dimension, described.value, count(*) AS people
  FROM staged
  JOIN described ON described.user_id = staged.user_id
  GROUP BY staged.brand_id, staged.stage, described.dimension, described.value
),
ranked AS (
  SELECT
    brand_id, stage, dimension, value, people,
    sum(people) OVER (PARTITION BY brand_id, stage, dimension) AS of_stage,
    row_number() OVER (PARTITION BY brand_id, stage, dimension ORDER BY people, value) AS position,
    lag(people) OVER (PARTITION BY brand_id, stage, dimension ORDER BY people, value) AS next_smaller
  FROM counted
),
judged AS (
  SELECT
    brand_id, stage, dimension, value, people, of_stage,
    people < $audience_floor OR (position = 2 AND next_smaller < $audience_floor) AS is_too_few
  FROM ranked
),
shared AS (
  SELECT
    j.brand_id, j.stage, j.dimension, j.value, j.people, j.is_too_few,
    cast(j.people AS DOUBLE) / nullif(j.of_stage, 0) AS share,
    cast(e.people AS DOUBLE) / nullif(e.of_all, 0) AS share_of_all
  FROM judged AS j
  JOIN everybody AS e ON e.dimension = j.dimension AND e.value = j.value
)
SELECT
  shared.brand_id,
  newest.as_of,
  shared.stage,
  shared.dimension,
  shared.value,
  CASE WHEN NOT shared.is_too_few THEN shared.people END                                            AS people,
  CASE WHEN NOT shared.is_too_few THEN shared.share END                                             AS share,
  CASE WHEN NOT shared.is_too_few THEN cast(100 * shared.share AS DOUBLE) / nullif(shared.share_of_all, 0) END  AS tgi,
  shared.is_too_few
FROM shared
CROSS JOIN newest
