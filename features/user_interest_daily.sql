/*
grain: one row per person, day of features.user_days, and topic, category or price tier that matters most to them
partition: event_date
owner: insight
freshness: 26h
lookback: {features.user_interest_acts_daily: $profile_lookback_days}
columns:
  user_id: the person
  event_date: the day at whose end this stood [day]
  kind: topic, category or price_tier
  name: the topic, the product category, or low, mid or high
  weight: points of the last $profile_lookback_days days, each halved for every $interest_half_life_days days of age [score]
  share: of the weights of all names of the kind, kept or not [share]
  place: 1 is what matters most within the kind; the first ten are kept [number]
expect:
  - unique: [user_id, event_date, kind, name]
  - unique: [user_id, event_date, kind, place]
  - not_null: [user_id, event_date, kind, name, weight, share, place]
  - between: {column: share, min: 0, max: 1}
  - between: {column: place, min: 1, max: 10}
notes: >
  Each day's points are halved to whole millionths before they are added, so that a day alone, a year at once and
  another engine give the same sums.
*/
WITH ages AS (
  SELECT age, round(1000 * power(0.5, cast(age AS DOUBLE) / nullif($interest_half_life_days, 0))) AS permille
  FROM (SELECT unnest(generate_series(0, $profile_lookback_days)) AS age) AS series
),
weighed AS (
  SELECT d.user_id, d.event_date, a.kind, a.name, sum(a.millipoints * cast(g.permille AS BIGINT)) AS millionths
  FROM features.user_days AS d
  JOIN features.user_interest_acts_daily AS a
    ON a.user_id = d.user_id AND a.event_date BETWEEN d.event_date - $profile_lookback_days AND d.event_date
  JOIN ages AS g ON g.age = date_diff('day', a.event_date, d.event_date)
  WHERE d.event_date BETWEEN $from_date AND $to_date
    AND a.event_date BETWEEN $from_date - $profile_lookback_days AND $to_date
  GROUP BY d.user_id, d.event_date, a.kind, a.name
),
placed AS (
  SELECT
    user_id, event_date, kind, name, millionths,
    sum(millionths) OVER (PARTITION BY user_id, event_date, kind)                                     AS all_millionths,
    row_number() OVER (PARTITION BY user_id, event_date, kind ORDER BY millionths DESC, name)         AS place
  FROM weighed
  WHERE millionths > 0
)
SELECT
  user_id,
  event_date,
  kind,
  name,
  cast(millionths AS DOUBLE) / 1000000                          AS weight,
  cast(millionths AS DOUBLE) / nullif(all_millionths, 0)        AS share,
  place
FROM placed
WHERE place <= 10
