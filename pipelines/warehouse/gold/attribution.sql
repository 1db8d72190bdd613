/*
grain: one row per brand, channel, campaign, note, currency, model and day on which people were touched
partition: event_date
owner: ads
freshness: 26h
lookback: {silver.brand_states: all}
lookahead: {gold.touchpoints: $attribution_lookback_days}
columns:
  brand_id: the brand that was bought
  event_date: reporting-local day of the touch, whenever the order came [day]
  model: first, last, linear, position (40, 20 and 40 percent) or decay
  channel: feed_ad, search_ad, note, search, brand_page or product_card
  campaign_id: the campaign of ads, else empty
  note_id: the note of notes, ads and cards within notes, else empty
  currency: ISO 4217
  credited_orders: share of orders, gross; each order of the brand has 1 to share [score]
  credited_orders_givt: of these, where touch or order is effective general invalid traffic [score]
  credited_orders_sivt: of these, where touch or order is effective sophisticated invalid traffic [score]
  credited_orders_pending: of these, where touch or order waits for a decision; still within net [score]
  revenue_minor: share of what buyers owed for the brand, gross [minor]
  revenue_minor_givt: of these, where touch or order is effective general invalid traffic [minor]
  revenue_minor_sivt: of these, where touch or order is effective sophisticated invalid traffic [minor]
  revenue_minor_pending: of these, where touch or order waits for a decision; still within net [minor]
  refunded_minor: share of what went back of it so far [minor]
  refunded_minor_givt: of these, where touch or order is effective general invalid traffic [minor]
  refunded_minor_sivt: of these, where touch or order is effective sophisticated invalid traffic [minor]
  refunded_minor_pending: of these, where touch or order waits for a decision; still within net [minor]
  roi_revenue_minor: share of what was not refunded, of orders within x days of the touch [minor]
  roi_revenue_minor_givt: of these, where touch or order is effective general invalid traffic [minor]
  roi_revenue_minor_sivt: of these, where touch or order is effective sophisticated invalid traffic [minor]
  roi_revenue_minor_pending: of these, where touch or order waits for a decision; still within net [minor]
expect:
  - unique: [brand_id, event_date, model, channel, campaign_id, note_id, currency]
  - not_null: [brand_id, event_date, model, channel, credited_orders, revenue_minor]
  - in_set: {column: model, values: [first, last, linear, position, decay]}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE credited_orders_givt + credited_orders_sivt + credited_orders_pending > credited_orders + 0.00001
        OR revenue_minor_givt + revenue_minor_sivt + revenue_minor_pending > revenue_minor
notes: >
  Shares of an order's money are whole minor units and sum to it exactly: each touch has its share
  rounded down, the last one also has the rest. An invalid touch or order takes its credit along and
  nobody else gets it. A day is final once as many days have passed as a path may be long.
*/
WITH brand_versions AS (
  SELECT
    brand_id, category, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY brand_id ORDER BY event_date) AS valid_until
  FROM silver.brand_states
  WHERE event_date <= $to_date
),
touches AS (
  SELECT
    order_id, brand_id, event_date AS ordered_on, step, steps, touched_on, channel, campaign_id, note_id, currency,
    revenue_minor, refunded_minor, hours_to_order,
    CASE
      WHEN touch_standing IN ('givt', 'sivt') THEN touch_standing
      WHEN order_standing IN ('givt', 'sivt') THEN order_standing
      WHEN touch_standing = 'pending' OR order_standing = 'pending' THEN 'pending'
      ELSE 'valid'
    END AS standing,
    power(0.5, cast(hours_to_order AS DOUBLE) / nullif(24 * $attribution_half_life_days, 0)) AS freshness
  FROM gold.touchpoints
  WHERE event_date BETWEEN $from_date AND $to_date + $attribution_lookback_days
),
weighed AS (
  SELECT
    order_id, brand_id, ordered_on, step, steps, touched_on, channel, campaign_id, note_id, currency,
    revenue_minor, refunded_minor, hours_to_order, standing,
    cast(freshness AS DOUBLE) / nullif(sum(freshness) OVER (PARTITION BY order_id, ordered_on, brand_id), 0) AS decayed
  FROM touches
),
models AS (
  SELECT unnest(['first', 'last', 'linear', 'position', 'decay']) AS model
),
shared AS (
  SELECT
    w.order_id, w.brand_id, w.ordered_on, w.step, w.steps, w.touched_on, w.channel, w.campaign_id, w.note_id, w.currency,
    w.revenue_minor, w.refunded_minor, w.hours_to_order, w.standing, m.model,
    cast(CASE
      WHEN w.steps = 1 THEN 1.0
      WHEN m.model = 'first' THEN CASE WHEN w.step = 1 THEN 1.0 ELSE 0.0 END
      WHEN m.model = 'last' THEN CASE WHEN w.step = w.steps THEN 1.0 ELSE 0.0 END
      WHEN m.model = 'linear' THEN cast(1 AS DOUBLE) / nullif(w.steps, 0)
      WHEN m.model = 'decay' THEN round(w.decayed, 9)
      WHEN w.steps = 2 THEN 0.5
      WHEN w.step IN (1, w.steps) THEN 0.4
      ELSE cast(0.2 AS DOUBLE) / nullif(w.steps - 2, 0)
    END AS DOUBLE) AS share
  FROM weighed AS w
  CROSS JOIN models AS m
),
floored AS (
  SELECT
    order_id, brand_id, ordered_on, step, steps, touched_on, channel, campaign_id, note_id, currency, hours_to_order,
    standing, model, share, revenue_minor, refunded_minor,
    CASE WHEN step < steps THEN cast(floor(revenue_minor * share) AS BIGINT) ELSE 0 END    AS revenue_part,
    CASE WHEN step < steps THEN cast(floor(refunded_minor * share) AS BIGINT) ELSE 0 END   AS refunded_part
  FROM shared
),
credits AS (
  SELECT
    brand_id, touched_on, channel, campaign_id, note_id, currency, hours_to_order, standing, model, share,
    CASE
      WHEN step < steps THEN revenue_part
      ELSE revenue_minor - sum(revenue_part) OVER (PARTITION BY order_id, ordered_on, brand_id, model)
    END AS revenue_minor,
    CASE
      WHEN step < steps THEN refunded_part
      ELSE refunded_minor - sum(refunded_part) OVER (PARTITION BY order_id, ordered_on, brand_id, model)
    END AS refunded_minor
  FROM floored
),
prompt AS (
  SELECT
    c.brand_id, c.touched_on, c.channel, c.campaign_id, c.note_id, c.currency, c.standing, c.model, c.share,
    c.revenue_minor, c.refunded_minor,
    CASE
      WHEN c.hours_to_order <= 24 * CASE
        WHEN concat('|', $considered_categories, '|') LIKE concat('%|', v.category, '|%') THEN $roi_days_considered
        ELSE $roi_days
      END THEN c.revenue_minor - c.refunded_minor
      ELSE 0
    END AS roi_revenue_minor
  FROM credits AS c
  LEFT JOIN brand_versions AS v
    ON v.brand_id = c.brand_id
    AND c.touched_on >= v.valid_from
    AND (v.valid_until IS NULL OR c.touched_on < v.valid_until)
  WHERE c.touched_on BETWEEN $from_date AND $to_date
    AND (c.share > 0 OR c.revenue_minor <> 0 OR c.refunded_minor <> 0)
)
SELECT
  brand_id,
  touched_on AS event_date,
  model,
  channel,
  campaign_id,
  note_id,
  currency,
  round(sum(share), 9)                                                     AS credited_orders,
  round(coalesce(sum(share) FILTER (WHERE standing = 'givt'), 0), 9)       AS credited_orders_givt,
  round(coalesce(sum(share) FILTER (WHERE standing = 'sivt'), 0), 9)       AS credited_orders_sivt,
  round(coalesce(sum(share) FILTER (WHERE standing = 'pending'), 0), 9)    AS credited_orders_pending,
  sum(revenue_minor)                                                       AS revenue_minor,
  coalesce(sum(revenue_minor) FILTER (WHERE standing = 'givt'), 0)         AS revenue_minor_givt,
  coalesce(sum(revenue_minor) FILTER (WHERE standing = 'sivt'), 0)         AS revenue_minor_sivt,
  coalesce(sum(revenue_minor) FILTER (WHERE standing = 'pending'), 0)      AS revenue_minor_pending,
  sum(refunded_minor)                                                      AS refunded_minor,
  coalesce(sum(refunded_minor) FILTER (WHERE standing = 'givt'), 0)        AS refunded_minor_givt,
  coalesce(sum(refunded_minor) FILTER (WHERE standing = 'sivt'), 0)        AS refunded_minor_sivt,
  coalesce(sum(refunded_minor) FILTER (WHERE standing = 'pending'), 0)     AS refunded_minor_pending,
  sum(roi_revenue_minor)                                                   AS roi_revenue_minor,
  coalesce(sum(roi_revenue_minor) FILTER (WHERE standing = 'givt'), 0)     AS roi_revenue_minor_givt,
  coalesce(sum(roi_revenue_minor) FILTER (WHERE standing = 'sivt'), 0)     AS roi_revenue_minor_sivt,
  coalesce(sum(roi_revenue_minor) FILTER (WHERE standing = 'pending'), 0)  AS roi_revenue_minor_pending
FROM prompt
GROUP BY brand_id, touched_on, model, channel, campaign_id, note_id, currency
