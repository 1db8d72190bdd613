/*
grain: one row per touch in the path that led a buyer to a brand of a paid order
partition: event_date
owner: ads
freshness: 26h
lookback:
  silver.ad_clicks: $attribution_lookback_days
  silver.note_reads: $attribution_lookback_days
  silver.product_card_events: $attribution_lookback_days
  silver.brand_page_views: $attribution_lookback_days
  risk.click_verdicts: $attribution_lookback_days
  risk.user_verdicts: $attribution_lookback_days
  silver.note_states: all
  silver.creative_states: all
  silver.product_states: all
columns:
  order_id: the order, as source:id
  brand_id: the brand that was bought
  event_date: reporting-local day on which the order was placed [day]
  step: place of the touch in the path, 1 is the first [number]
  steps: touches in the path [count]
  channel: feed_ad, search_ad, note, search, brand_page or product_card
  touch_id: the click, read or view, as source:id
  touched_on: reporting-local day on which the touch was told [day]
  touched_at: when it happened, of a note when it was opened [UTC]
  hours_to_order: hours from the touch to the order [score]
  campaign_id: the campaign of an ad
  creative_id: the creative of an ad, if the source says it
  note_id: the note that was read, that the ad showed or that the product's card stood in
  touch_standing: valid, pending, givt or sivt; of the click if it is on an ad, else of the person's day
  order_standing: valid, pending, givt or sivt; of the order, else of the buyer's day
  revenue_minor: the brand's part of what the buyer owed for the order [minor]
  refunded_minor: the brand's part of what went back of it so far [minor]
  currency: ISO 4217
expect:
  - unique: [order_id, event_date, brand_id, step]
  - not_null: [order_id, brand_id, event_date, step, steps, channel, touch_id, touched_on, touched_at, touch_standing]
  - in_set: {column: channel, values: [feed_ad, search_ad, note, search, brand_page, product_card]}
  - between: {column: hours_to_order, min: 0}
  - no_rows: SELECT * FROM {batch} WHERE step NOT BETWEEN 1 AND steps
  - no_rows: SELECT * FROM {batch} WHERE refunded_minor > revenue_minor
    severity: warning
  - no_rows: >
      SELECT order_id, brand_id FROM {batch} GROUP BY order_id, event_date, brand_id HAVING count(*) <> max(steps)
notes: >
  A touch is a click on an ad of the brand, a reading of a note that shows or names it, a view of
  its page, or a click on a product card of it. What follows within one visit belongs to what began
  it: the note that an ad opens to the click on the ad, the product cards of a note to its reading.
  The last touches before the order count, as many as $attribution_maximum_steps.
*/
WITH bought_amounts AS (
  SELECT order_id, event_date, brand_id, sum(amount_minor) AS amount_minor
  FROM silver.order_lines
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY order_id, event_date, brand_id
),
running_amounts AS (
  SELECT
    order_id, event_date, brand_id, amount_minor,
    sum(amount_minor) OVER (
      PARTITION BY order_id, event_date ORDER BY brand_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS amount_until,
    sum(amount_minor) OVER (PARTITION BY order_id, event_date) AS order_amount
  FROM bought_amounts
),
refunded AS (
  SELECT order_id, event_date, sum(amount_minor) AS refunded_minor
  FROM silver.refunds
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY order_id, event_date
),
purchases AS (
  SELECT
    o.order_id, o.event_date, o.placed_at, o.actor_id, o.currency, a.brand_id,
    coalesce(o.total_minor * a.amount_until // nullif(a.order_amount, 0), 0)
      - coalesce(o.total_minor * (a.amount_until - a.amount_minor) // nullif(a.order_amount, 0), 0) AS revenue_minor,
    coalesce(r.refunded_minor * a.amount_until // nullif(a.order_amount, 0), 0)
      - coalesce(r.refunded_minor * (a.amount_until - a.amount_minor) // nullif(a.order_amount, 0), 0) AS refunded_minor,
    CASE
      WHEN v.state = 'effective' THEN v.kind
      WHEN u.state = 'effective' THEN u.kind
      WHEN v.state = 'pending' OR u.state = 'pending' THEN 'pending'
      ELSE 'valid'
    END AS standing
  FROM silver.orders AS o
  JOIN running_amounts AS a ON a.order_id = o.order_id AND a.event_date = o.event_date
  LEFT JOIN refunded AS r ON r.order_id = o.order_id AND r.event_date = o.event_date
  LEFT JOIN risk.order_verdicts AS v ON v.order_id = o.order_id AND v.event_date = o.event_date
  LEFT JOIN risk.user_verdicts AS u ON u.actor_id = o.actor_id AND u.event_date = o.event_date
  WHERE o.event_date BETWEEN $from_date AND $to_date
    AND o.paid_at IS NOT NULL
    AND o.actor_id IS NOT NULL
    AND a.brand_id <> '(unknown)'
),
buyers AS (
  SELECT DISTINCT actor_id, brand_id
  FROM purchases
),
creative_versions AS (
  SELECT
    creative_id, note_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY creative_id ORDER BY event_date) AS valid_until
  FROM silver.creative_states
  WHERE event_date <= $to_date
),
note_versions AS (
  SELECT
    note_id, brand_ids, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY note_id ORDER BY event_date) AS valid_until
  FROM silver.note_states
  WHERE event_date <= $to_date
),
note_brands AS (
  SELECT note_id, valid_from, valid_until, unnest(brand_ids) AS brand_id
  FROM note_versions
),
product_versions AS (
  SELECT
    product_id, brand_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
),
ad_touches AS (
  SELECT
    c.actor_id, c.brand_id, c.event_date, c.occurred_at, c.click_id AS touch_id, c.session_id, c.request_id,
    CASE WHEN c.placement = 'search' THEN 'search_ad' ELSE 'feed_ad' END AS channel,
    c.campaign_id, c.creative_id, n.note_id,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing
  FROM silver.ad_clicks AS c
  JOIN buyers AS b ON b.actor_id = c.actor_id AND b.brand_id = c.brand_id
  LEFT JOIN creative_versions AS n
    ON n.creative_id = c.creative_id
    AND c.event_date >= n.valid_from
    AND (n.valid_until IS NULL OR c.event_date < n.valid_until)
  LEFT JOIN risk.click_verdicts AS v ON v.click_id = c.click_id AND v.event_date = c.event_date
  WHERE c.event_date BETWEEN $from_date - $attribution_lookback_days AND $to_date
),
readings AS (
  SELECT
    r.actor_id, n.brand_id, r.event_date, r.occurred_at - r.dwell_ms // 1000 * INTERVAL 1 SECOND AS occurred_at,
    r.read_id AS touch_id, r.session_id, r.request_id, r.note_id
  FROM silver.note_reads AS r
  JOIN note_brands AS n
    ON n.note_id = r.note_id
    AND r.event_date >= n.valid_from
    AND (n.valid_until IS NULL OR r.event_date < n.valid_until)
  JOIN buyers AS b ON b.actor_id = r.actor_id AND b.brand_id = n.brand_id
  WHERE r.event_date BETWEEN $from_date - $attribution_lookback_days AND $to_date
),
read_touches AS (
  SELECT r.actor_id, r.brand_id, r.event_date, r.occurred_at, r.touch_id, 'note' AS channel, r.note_id
  FROM readings AS r
  WHERE NOT EXISTS (
    SELECT 1 FROM ad_touches AS a
    WHERE a.actor_id = r.actor_id AND a.brand_id = r.brand_id AND a.request_id = r.request_id AND a.note_id = r.note_id
  )
),
card_touches AS (
  SELECT
    k.actor_id, p.brand_id, k.event_date, k.occurred_at, k.event_id AS touch_id,
    CASE WHEN k.note_id IS NOT NULL THEN 'note' WHEN k.surface = 'search' THEN 'search' ELSE 'product_card' END AS channel,
    k.note_id
  FROM silver.product_card_events AS k
  JOIN product_versions AS p
    ON p.product_id = k.product_id
    AND k.event_date >= p.valid_from
    AND (p.valid_until IS NULL OR k.event_date < p.valid_until)
  JOIN buyers AS b ON b.actor_id = k.actor_id AND b.brand_id = p.brand_id
  WHERE k.event_date BETWEEN $from_date - $attribution_lookback_days AND $to_date
    AND k.act = 'click'
    AND NOT EXISTS (
      SELECT 1 FROM readings AS r
      WHERE r.actor_id = k.actor_id AND r.brand_id = p.brand_id AND r.session_id = k.session_id AND r.note_id = k.note_id
    )
    AND NOT EXISTS (
      SELECT 1 FROM ad_touches AS a
      WHERE a.actor_id = k.actor_id AND a.brand_id = p.brand_id AND a.session_id = k.session_id AND a.note_id = k.note_id
    )
),
page_touches AS (
  SELECT w.actor_id, w.brand_id, w.event_date, w.occurred_at, w.event_id AS touch_id, 'brand_page' AS channel
  FROM silver.brand_page_views AS w
  JOIN buyers AS b ON b.actor_id = w.actor_id AND b.brand_id = w.brand_id
  WHERE w.event_date BETWEEN $from_date - $attribution_lookback_days AND $to_date
),
acts_of_people AS (
  SELECT actor_id, brand_id, event_date, occurred_at, touch_id, channel, note_id FROM read_touches
  UNION ALL
  SELECT actor_id, brand_id, event_date, occurred_at, touch_id, channel, note_id FROM card_touches
  UNION ALL
  SELECT actor_id, brand_id, event_date, occurred_at, touch_id, channel, NULL FROM page_touches
),
touches AS (
  SELECT
    actor_id, brand_id, event_date, occurred_at, touch_id, channel, campaign_id, creative_id, note_id, standing
  FROM ad_touches
  UNION ALL
  SELECT
    t.actor_id, t.brand_id, t.event_date, t.occurred_at, t.touch_id, t.channel, NULL, NULL, t.note_id,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END
  FROM acts_of_people AS t
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = t.actor_id AND v.event_date = t.event_date
),
paths AS (
  SELECT
    p.order_id, p.event_date, p.placed_at, p.brand_id, p.revenue_minor, p.refunded_minor, p.currency,
    p.standing AS order_standing,
    t.touch_id, t.event_date AS touched_on, t.occurred_at AS touched_at, t.channel, t.campaign_id, t.creative_id, t.note_id,
    t.standing AS touch_standing,
    row_number() OVER (
      PARTITION BY p.order_id, p.event_date, p.brand_id ORDER BY t.occurred_at DESC, t.touch_id DESC
    ) AS steps_before_order
  FROM purchases AS p
  JOIN touches AS t ON t.actor_id = p.actor_id AND t.brand_id = p.brand_id
  WHERE t.occurred_at <= p.placed_at
    AND t.event_date >= p.event_date - $attribution_lookback_days
),
counted AS (
  SELECT
    order_id, event_date, placed_at, brand_id, revenue_minor, refunded_minor, currency, order_standing,
    touch_id, touched_on, touched_at, channel, campaign_id, creative_id, note_id, touch_standing, steps_before_order,
    count(*) OVER (PARTITION BY order_id, event_date, brand_id) AS steps
  FROM paths
  WHERE steps_before_order <= $attribution_maximum_steps
)
SELECT
  order_id,
  brand_id,
  event_date,
  steps - steps_before_order + 1                                                                  AS step,
  steps,
  channel,
  touch_id,
  touched_on,
  touched_at,
  cast(cast(epoch(placed_at) AS BIGINT) - cast(epoch(touched_at) AS BIGINT) AS DOUBLE) / 3600     AS hours_to_order,
  campaign_id,
  creative_id,
  note_id,
  touch_standing,
  order_standing,
  revenue_minor,
  refunded_minor,
  currency
FROM counted
