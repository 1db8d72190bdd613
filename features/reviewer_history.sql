/*
grain: one row per review, with who wrote it and what else that person did around it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback:
  silver.reviews: 28
  silver.product_views: 7
  silver.orders: 60
  silver.order_lines: 60
  features.user_activity_daily: 28
  silver.user_states: all
  silver.product_states: all
lookahead: {silver.reviews: 14}
columns:
  review_id: the review, as source:id
  event_date: reporting-local day on which it was posted [day]
  account_age_days: since the reviewer's sign-up, empty if the source does not say [number]
  profile_gaps: picture and words that the reviewer's profile lacks [count]
  active_days_28d: days with an act in the 28 days before [count]
  acts_28d: acts on these days [count]
  views_before: times that the reviewer opened the product in the 7 days before [count]
  last_view_seconds: from the last of these to the review, empty without one [seconds]
  other_products_1d: other products that the reviewer looked at in the 24 hours before [count]
  other_brands_1d: other brands that the reviewer looked at in the 24 hours before [count]
  bought_product_60d: orders of the product by the reviewer in the 60 days before [count]
  bought_brand_60d: orders of the brand by the reviewer in the 60 days before [count]
  reviews_42d: reviews by the same person, this one among them, from 28 days before it to 14 days after [count]
  brand_reviews_42d: of these, reviews of the brand [count]
  brand_share: brand_reviews_42d over reviews_42d [share]
  extreme_share: share of reviews_42d with one or five stars [share]
  same_day_reviews: reviews by the same person on the day [count]
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, reviews_42d, brand_reviews_42d, brand_share, extreme_share, bought_brand_60d]
  - between: {column: brand_share, min: 0, max: 1}
*/
WITH product_versions AS (
  SELECT
    product_id, brand_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date + 14
),
posted AS (
  SELECT
    r.review_id, r.event_date, r.occurred_at, r.actor_id, r.product_id, r.stars,
    coalesce(p.brand_id, '(unknown)') AS brand_id,
    date_diff('day', DATE '1970-01-01', r.event_date) AS day
  FROM silver.reviews AS r
  LEFT JOIN product_versions AS p
    ON p.product_id = r.product_id
    AND r.event_date >= p.valid_from AND (p.valid_until IS NULL OR r.event_date < p.valid_until)
  WHERE r.event_date BETWEEN $from_date - 28 AND $to_date + 14 AND r.actor_id IS NOT NULL
),
counted AS (
  SELECT
    review_id, event_date, occurred_at, actor_id, product_id, brand_id,
    count(*) OVER own                                                           AS reviews,
    count(*) OVER own_of_brand                                                  AS brand_reviews,
    sum(CASE WHEN stars IN (1, 5) THEN 1 ELSE 0 END) OVER own                   AS extremes,
    count(*) OVER (PARTITION BY actor_id, event_date)                           AS same_day
  FROM posted
  WINDOW
    own AS (PARTITION BY actor_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING),
    own_of_brand AS (PARTITION BY actor_id, brand_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING)
),
asked AS (
  SELECT review_id, event_date, occurred_at, actor_id, product_id, brand_id, reviews, brand_reviews, extremes, same_day
  FROM counted
  WHERE event_date BETWEEN $from_date AND $to_date
),
looking AS (
  SELECT
    r.review_id,
    r.event_date,
    count(*) FILTER (WHERE v.product_id = r.product_id)                   AS views,
    max(CASE WHEN v.product_id = r.product_id THEN v.occurred_at END)     AS last_at,
    count(DISTINCT CASE
      WHEN v.product_id <> r.product_id AND v.occurred_at > r.occurred_at - INTERVAL 24 HOUR THEN v.product_id
    END)                                                                  AS other_products,
    count(DISTINCT CASE
      WHEN v.brand_id <> r.brand_id AND v.occurred_at > r.occurred_at - INTERVAL 24 HOUR THEN v.brand_id
    END)                                                                  AS other_brands
  FROM asked AS r
  JOIN silver.product_views AS v
    ON v.actor_id = r.actor_id AND v.event_date BETWEEN r.event_date - 7 AND r.event_date
    AND v.occurred_at <= r.occurred_at
  WHERE v.event_date BETWEEN $from_date - 7 AND $to_date
  GROUP BY r.review_id, r.event_date
),
bought_things AS (
  SELECT DISTINCT o.order_id, o.event_date, o.actor_id, l.product_id, l.brand_id
  FROM silver.orders AS o
  JOIN silver.order_lines AS l ON l.order_id = o.order_id AND l.event_date = o.event_date
  WHERE o.event_date BETWEEN $from_date - 60 AND $to_date AND l.event_date BETWEEN $from_date - 60 AND $to_date
),
buying AS (
  SELECT
    r.review_id, r.event_date,
    count(DISTINCT CASE WHEN b.product_id = r.product_id THEN b.order_id END)   AS of_product,
    count(DISTINCT b.order_id)                                                  AS of_brand
  FROM asked AS r
  JOIN bought_things AS b
    ON b.actor_id = r.actor_id AND b.brand_id = r.brand_id AND b.event_date BETWEEN r.event_date - 60 AND r.event_date
  GROUP BY r.review_id, r.event_date
),
author_days AS (
  SELECT DISTINCT actor_id, event_date FROM asked
),
lives AS (
  SELECT d.actor_id, d.event_date, count(*) AS active_days, sum(a.acts) AS acts
  FROM author_days AS d
  JOIN features.user_activity_daily AS a
    ON a.user_id = d.actor_id AND a.event_date BETWEEN d.event_date - 28 AND d.event_date - 1
  WHERE a.event_date BETWEEN $from_date - 28 AND $to_date
  GROUP BY d.actor_id, d.event_date
),
people AS (
  SELECT
    d.actor_id, d.event_date, s.registered_on,
    CASE WHEN s.has_avatar THEN 0 ELSE 1 END + CASE WHEN s.has_bio THEN 0 ELSE 1 END AS profile_gaps
  FROM author_days AS d
  JOIN silver.user_states AS s ON s.user_id = d.actor_id AND s.event_date <= d.event_date
  WHERE s.event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY d.actor_id, d.event_date ORDER BY s.event_date DESC) = 1
)
SELECT
  r.review_id,
  r.event_date,
  date_diff('day', p.registered_on, r.event_date)                             AS account_age_days,
  p.profile_gaps,
  coalesce(a.active_days, 0)                                                  AS active_days_28d,
  coalesce(a.acts, 0)                                                         AS acts_28d,
  coalesce(l.views, 0)                                                        AS views_before,
  cast(epoch(r.occurred_at) AS BIGINT) - cast(epoch(l.last_at) AS BIGINT)     AS last_view_seconds,
  coalesce(l.other_products, 0)                                               AS other_products_1d,
  coalesce(l.other_brands, 0)                                                 AS other_brands_1d,
  coalesce(b.of_product, 0)                                                   AS bought_product_60d,
  coalesce(b.of_brand, 0)                                                     AS bought_brand_60d,
  r.reviews                                                                   AS reviews_42d,
  r.brand_reviews                                                             AS brand_reviews_42d,
  cast(r.brand_reviews AS DOUBLE) / nullif(r.reviews, 0)                      AS brand_share,
  cast(r.extremes AS DOUBLE) / nullif(r.reviews, 0)                           AS extreme_share,
  r.same_day                                                                  AS same_day_reviews
FROM asked AS r
LEFT JOIN looking AS l ON l.review_id = r.review_id AND l.event_date = r.event_date
LEFT JOIN buying AS b ON b.review_id = r.review_id AND b.event_date = r.event_date
LEFT JOIN lives AS a ON a.actor_id = r.actor_id AND a.event_date = r.event_date
LEFT JOIN people AS p ON p.actor_id = r.actor_id AND p.event_date = r.event_date
