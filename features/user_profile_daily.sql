/*
grain: one row per person and day of features.user_days, the person as of that day's end
partition: event_date
owner: insight
freshness: 26h
lookback:
  features.user_activity_daily: $profile_lookback_days
  features.user_identity_daily: $profile_lookback_days
  silver.user_states: all
columns:
  user_id: the person
  event_date: the day at whose end this stood; nothing later is known [day]
  is_active: the person acted on this day [flag]
  registered_on: day of sign-up, empty if the source does not say [day]
  city_tier: 1 is the largest cities, empty if not told [number]
  stage: life cycle; new, growing, active, silent or churned
  days_since_act: 0 if the person acted on this day [number]
  active_days: days with an act [count]
  topics: the five that matter most, most first [list]
  topic: the first of these
  topic_share: its share of all that was said for topics [share]
  categories: the five product categories that matter most, most first [list]
  category: the first of these
  category_share: its share of all that was said for categories [share]
  price_tier: low, mid or high beside the medians of the categories, by most weight
  price_tier_share: its share of all that was said for price tiers [share]
  days_since_payment: recency of payments, empty without one [number]
  orders: frequency; orders paid [count]
  paid_minor: money; what was paid, before refunds [minor]
  spending_percentile: share of the day's rows with payments that paid no more, empty without one [share]
  reads: notes opened [count]
  engagements: likes, collects, comments and shares [count]
  comments: of these, comments [count]
  notes: own notes published or changed [count]
  searches: searches [count]
  product_views: product pages opened [count]
  is_reader: opened a note [flag]
  is_contributor: published a note or commented [flag]
  is_buyer: paid an order [flag]
  active_hours: the three reporting-local hours with most acts, as 18-21
  night_share: share of acts before 6 o'clock [share]
  device_others: the most other people seen on one of the person's devices [count]
  address_others: the most other people seen behind one of the person's addresses [count]
  points: weight of all topics and categories kept, which fades with age [score]
  confidence: points over points and $confidence_half_points; grows with evidence towards 1 [share]
expect:
  - unique: [user_id, event_date]
  - not_null: [user_id, event_date, is_active, stage, days_since_act, active_days, night_share, confidence]
  - in_set: {column: stage, values: [new, growing, active, silent, churned]}
  - between: {column: confidence, min: 0, max: 1}
  - between: {column: night_share, min: 0, max: 1}
  - between: {column: spending_percentile, min: 0, max: 1}
  - no_rows: SELECT * FROM {batch} WHERE is_active <> (days_since_act = 0)
  - no_rows: SELECT * FROM {batch} WHERE registered_on > event_date
    severity: warning
notes: >
  Counts, sums and maxima are of the day and the $profile_lookback_days days before it. Stages, the first that fits:
  churned, no act for more than $churned_after_days days; silent, none for more than $silent_after_days; new, signed up
  within $new_user_days days; growing, more active days in the last 14 than in the 14 before; active, everybody else.
  States of the user are as of the day's end. Interests fade: see features.user_interest_daily.
*/
WITH facts AS (
  SELECT
    a.user_id, a.event_date, 1 AS active, a.acts, a.reads, a.engagements, a.comments, a.notes, a.searches, a.product_views,
    a.orders, a.paid_minor, a.acts_00_03, a.acts_03_06, a.acts_06_09, a.acts_09_12, a.acts_12_15, a.acts_15_18,
    a.acts_18_21, a.acts_21_24, coalesce(i.device_others, 0) AS device_others, coalesce(i.address_others, 0) AS address_others
  FROM features.user_activity_daily AS a
  LEFT JOIN features.user_identity_daily AS i ON i.user_id = a.user_id AND i.event_date = a.event_date
  WHERE a.event_date BETWEEN $from_date - $profile_lookback_days AND $to_date
  UNION ALL
  SELECT user_id, event_date, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  FROM features.user_days
  WHERE NOT is_active AND event_date BETWEEN $from_date AND $to_date
),
sums AS (
  SELECT
    user_id,
    event_date,
    active,
    max(CASE WHEN active = 1 THEN event_date END) OVER lookback     AS last_act_on,
    max(CASE WHEN orders > 0 THEN event_date END) OVER lookback     AS last_payment_on,
    sum(active) OVER lookback                                       AS active_days,
    sum(active) OVER fortnight                                  AS active_days_14,
    sum(active) OVER four_weeks                                      AS active_days_28,
    sum(acts) OVER lookback                                         AS acts,
    sum(reads) OVER lookback                                        AS reads,
    sum(engagements) OVER lookback                                  AS engagements,
    sum(comments) OVER lookback                                     AS comments,
    sum(notes) OVER lookback                                        AS notes,
    sum(searches) OVER lookback                                     AS searches,
    sum(product_views) OVER lookback                                AS product_views,
    sum(orders) OVER lookback                                       AS orders,
    sum(paid_minor) OVER lookback                                   AS paid_minor,
    sum(acts_00_03) OVER lookback                                   AS acts_00_03,
    sum(acts_03_06) OVER lookback                                   AS acts_03_06,
    sum(acts_06_09) OVER lookback                                   AS acts_06_09,
    sum(acts_09_12) OVER lookback                                   AS acts_09_12,
    sum(acts_12_15) OVER lookback                                   AS acts_12_15,
    sum(acts_15_18) OVER lookback                                   AS acts_15_18,
    sum(acts_18_21) OVER lookback                                   AS acts_18_21,
    sum(acts_21_24) OVER lookback                                   AS acts_21_24,
    max(device_others) OVER lookback                                AS device_others,
    max(address_others) OVER lookback                               AS address_others
  FROM facts
  WINDOW
    lookback AS (
      PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date)
      RANGE BETWEEN $profile_lookback_days PRECEDING AND CURRENT ROW
    ),
    fortnight AS (
      PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date)
      RANGE BETWEEN 13 PRECEDING AND CURRENT ROW
    ),
    four_weeks AS (
      PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date)
      RANGE BETWEEN 27 PRECEDING AND CURRENT ROW
    )
),
user_versions AS (
  SELECT
    user_id, registered_on, city_tier, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY user_id ORDER BY event_date) AS valid_until
  FROM silver.user_states
  WHERE event_date <= $to_date
),
interests AS (
  SELECT
    user_id,
    event_date,
    list_transform(
      list_sort(list({'place': place, 'name': name}) FILTER (WHERE kind = 'topic' AND place <= 5)), lambda i: i.name
    )                                                               AS topics,
    max(CASE WHEN kind = 'topic' AND place = 1 THEN name END)       AS topic,
    max(CASE WHEN kind = 'topic' AND place = 1 THEN share END)      AS topic_share,
    list_transform(
      list_sort(list({'place': place, 'name': name}) FILTER (WHERE kind = 'category' AND place <= 5)), lambda i: i.name
    )                                                               AS categories,
    max(CASE WHEN kind = 'category' AND place = 1 THEN name END)    AS category,
    max(CASE WHEN kind = 'category' AND place = 1 THEN share END)   AS category_share,
    max(CASE WHEN kind = 'price_tier' AND place = 1 THEN name END)  AS price_tier,
    max(CASE WHEN kind = 'price_tier' AND place = 1 THEN share END) AS price_tier_share,
    sum(CASE WHEN kind <> 'price_tier' THEN cast(round(weight * 1000000) AS BIGINT) ELSE 0 END) AS millionths
  FROM features.user_interest_daily
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY user_id, event_date
),
described AS (
  SELECT
    t.*,
    u.registered_on, u.city_tier, i.topics, i.topic, i.topic_share, i.categories, i.category, i.category_share,
    i.price_tier, i.price_tier_share,
    date_diff('day', t.last_act_on, t.event_date)             AS days_since_act,
    cast(coalesce(i.millionths, 0) AS DOUBLE) / 1000000       AS points,
    t.orders > 0                                              AS is_buyer,
    greatest(
      t.acts_00_03, t.acts_03_06, t.acts_06_09, t.acts_09_12, t.acts_12_15, t.acts_15_18, t.acts_18_21, t.acts_21_24
    )                                                         AS most_acts
  FROM sums AS t
  LEFT JOIN user_versions AS u
    ON u.user_id = t.user_id
    AND t.event_date >= u.valid_from
    AND (u.valid_until IS NULL OR t.event_date < u.valid_until)
  LEFT JOIN interests AS i ON i.user_id = t.user_id AND i.event_date = t.event_date
  WHERE t.event_date BETWEEN $from_date AND $to_date
)
SELECT
  user_id,
  event_date,
  active = 1                                                    AS is_active,
  registered_on,
  city_tier,
  CASE
    WHEN days_since_act > $churned_after_days THEN 'churned'
    WHEN days_since_act > $silent_after_days THEN 'silent'
    WHEN date_diff('day', registered_on, event_date) <= $new_user_days THEN 'new'
    WHEN active_days_14 > active_days_28 - active_days_14 THEN 'growing'
    ELSE 'active'
  END                                                           AS stage,
  days_since_act,
  active_days,
  CASE WHEN topic IS NOT NULL THEN topics END                   AS topics,
  topic,
  topic_share,
  CASE WHEN category IS NOT NULL THEN categories END            AS categories,
  category,
  category_share,
  price_tier,
  price_tier_share,
  date_diff('day', last_payment_on, event_date)                 AS days_since_payment,
  orders,
  paid_minor,
  CASE WHEN is_buyer THEN cume_dist() OVER (PARTITION BY event_date, is_buyer ORDER BY paid_minor) END AS spending_percentile,
  reads,
  engagements,
  comments,
  notes,
  searches,
  product_views,
  reads > 0                                                     AS is_reader,
  notes + comments > 0                                          AS is_contributor,
  is_buyer,
  CASE most_acts
    WHEN acts_00_03 THEN '00-03'
    WHEN acts_03_06 THEN '03-06'
    WHEN acts_06_09 THEN '06-09'
    WHEN acts_09_12 THEN '09-12'
    WHEN acts_12_15 THEN '12-15'
    WHEN acts_15_18 THEN '15-18'
    WHEN acts_18_21 THEN '18-21'
    ELSE '21-24'
  END                                                           AS active_hours,
  cast(acts_00_03 + acts_03_06 AS DOUBLE) / nullif(acts, 0)     AS night_share,
  device_others,
  address_others,
  points,
  cast(points AS DOUBLE) / nullif(points + $confidence_half_points, 0)     AS confidence
FROM described
