/*
grain: one row per category, size class, metric and day; of periods of $benchmark_days days that end with the day
partition: event_date
owner: insight
freshness: 26h
lookback:
  gold.note_daily: $benchmark_days
  gold.product_daily: $benchmark_days
  gold.brand_daily: $benchmark_days
  silver.brand_states: all
columns:
  category: what the brands mainly sell, its widest part; "(unknown)" if they do not say
  size_class: by people who looked at, carted or bought a product of the brand within the period; small, medium or large
  metric: engagement_rate, card_ctr, conversion_rate, refund_rate or gmv_per_buyer_minor
  currency: ISO 4217 of what brands sold for, blank for rates that know no money
  event_date: last reporting-local day of the period [day]
  brands: brands of this category and size that have the metric; empty if too few [count]
  median: half of these brands have no more; empty if too few [score]
  p75: three of four have no more; empty if too few [score]
  is_too_few: fewer than $benchmark_minimum_brands brands, whose own numbers would show [flag]
expect:
  - unique: [category, size_class, metric, currency, event_date]
  - not_null: [category, size_class, metric, currency, event_date, is_too_few]
  - in_set: {column: size_class, values: [small, medium, large]}
  - in_set:
      column: metric
      values: [engagement_rate, card_ctr, conversion_rate, refund_rate, gmv_per_buyer_minor]
  - no_rows: SELECT * FROM {batch} WHERE is_too_few <> (median IS NULL) OR is_too_few <> (p75 IS NULL)
  - no_rows: SELECT * FROM {batch} WHERE p75 < median
notes: >
  All counts are net of effective invalid traffic, but for people, who are gross. Engagement rate: likes, collects,
  comments and shares over reads of notes that show or name the brand. Card CTR: clicks over renderings of its products'
  cards. Conversion rate: people who bought over people who looked. Refund rate: refunds over GMV. A brand is small below
  $benchmark_medium_people people and large from $benchmark_large_people on. The median of an even number of brands lies
  between the middle two.
*/
WITH ends AS (
  SELECT cast(day AS DATE) AS event_date
  FROM (SELECT unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS day) AS days
),
brand_versions AS (
  SELECT
    brand_id, coalesce(string_split(category, '.')[1], '(unknown)') AS category, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY brand_id ORDER BY event_date) AS valid_until
  FROM silver.brand_states
  WHERE event_date <= $to_date
),
note_brands AS (
  SELECT
    event_date, unnest(brand_ids) AS brand_id,
    reads - reads_givt - reads_sivt AS reads,
    likes + collects + comments + shares - likes_givt - collects_givt - comments_givt - shares_givt
      - likes_sivt - collects_sivt - comments_sivt - shares_sivt AS engagements
  FROM gold.note_daily
  WHERE event_date BETWEEN $from_date - $benchmark_days AND $to_date
),
counts AS (
  SELECT event_date, brand_id, 'engagement_rate' AS metric, '' AS currency, engagements AS part, reads AS whole
  FROM note_brands
  UNION ALL
  SELECT event_date, brand_id, 'card_ctr', '', card_clicks, card_impressions
  FROM gold.product_daily
  WHERE event_date BETWEEN $from_date - $benchmark_days AND $to_date
  UNION ALL
  SELECT
    event_date, brand_id, 'refund_rate', coalesce(currency, ''),
    refunds_minor - refunds_minor_givt - refunds_minor_sivt, gmv_minor - gmv_minor_givt - gmv_minor_sivt
  FROM gold.brand_daily
  WHERE event_date BETWEEN $from_date - $benchmark_days AND $to_date
  UNION ALL
  SELECT event_date, brand_id, 'gmv', coalesce(currency, ''), gmv_minor - gmv_minor_givt - gmv_minor_sivt, 0
  FROM gold.brand_daily
  WHERE event_date BETWEEN $from_date - $benchmark_days AND $to_date
),
brand_day_counts AS (
  SELECT event_date, brand_id, metric, currency, sum(part) AS part, sum(whole) AS whole
  FROM counts
  WHERE brand_id <> '(unknown)'
  GROUP BY event_date, brand_id, metric, currency
),
totals AS (
  SELECT ends.event_date, c.brand_id, c.metric, c.currency, sum(c.part) AS part, sum(c.whole) AS whole
  FROM ends
  JOIN brand_day_counts AS c
    ON c.event_date <= ends.event_date AND c.event_date > ends.event_date - $benchmark_days
  GROUP BY ends.event_date, c.brand_id, c.metric, c.currency
),
visited AS (
  SELECT event_date, brand_id, reached_view, reached_payment
  FROM gold.brand_funnel_daily
  WHERE event_date BETWEEN $from_date AND $to_date AND period_days = $benchmark_days AND brand_id <> '(unknown)'
),
brand_values AS (
  SELECT event_date, brand_id, metric, currency, cast(part AS DOUBLE) / nullif(whole, 0) AS value
  FROM totals
  WHERE metric <> 'gmv' AND whole > 0
  UNION ALL
  SELECT event_date, brand_id, 'conversion_rate', '', cast(reached_payment AS DOUBLE) / nullif(reached_view, 0)
  FROM visited
  WHERE reached_view > 0
  UNION ALL
  SELECT
    t.event_date, t.brand_id, 'gmv_per_buyer_minor', t.currency,
    cast(t.part AS DOUBLE) / nullif(v.reached_payment, 0)
  FROM totals AS t
  JOIN visited AS v ON v.event_date = t.event_date AND v.brand_id = t.brand_id
  WHERE t.metric = 'gmv' AND t.part > 0 AND v.reached_payment > 0
),
placed AS (
  SELECT
    b.event_date, b.brand_id, b.metric, b.currency, b.value,
    coalesce(s.category, '(unknown)') AS category,
    CASE
      WHEN coalesce(v.reached_view, 0) < $benchmark_medium_people THEN 'small'
      WHEN v.reached_view < $benchmark_large_people THEN 'medium'
      ELSE 'large'
    END AS size_class
  FROM brand_values AS b
  LEFT JOIN visited AS v ON v.event_date = b.event_date AND v.brand_id = b.brand_id
  LEFT JOIN brand_versions AS s
    ON s.brand_id = b.brand_id
    AND b.event_date >= s.valid_from
    AND (s.valid_until IS NULL OR b.event_date < s.valid_until)
),
ranked AS (
  SELECT
    event_date, category, size_class, metric, currency, value,
    cume_dist() OVER (PARTITION BY event_date, category, size_class, metric, currency ORDER BY value) AS rank
  FROM placed
),
spread AS (
  SELECT
    event_date, category, size_class, metric, currency,
    count(*)                                    AS brands,
    median(value)                               AS median,
    min(CASE WHEN rank >= 0.75 THEN value END)  AS p75
  FROM ranked
  GROUP BY event_date, category, size_class, metric, currency
)
SELECT
  category,
  size_class,
  metric,
  currency,
  event_date,
  CASE WHEN brands >= $benchmark_minimum_brands THEN brands END   AS brands,
  CASE WHEN brands >= $benchmark_minimum_brands THEN median END   AS median,
  CASE WHEN brands >= $benchmark_minimum_brands THEN p75 END      AS p75,
  brands < $benchmark_minimum_brands                              AS is_too_few
FROM spread
