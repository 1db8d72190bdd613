/*
grain: one row per brand, source and day on which the source brought the brand something
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.note_states: all, features.visit_sources: $visit_lookback_days}
columns:
  brand_id: the brand, "(unknown)" for products without one
  source: feed, search, brand_page, topic, follow, feed_ad, search_ad or other
  event_date: reporting-local day; orders count on the day they were placed [day]
  impressions: cards of the brand's notes rendered; of the two ad sources, its ads rendered [count]
  impressions_givt: of these, effective general invalid traffic [count]
  impressions_sivt: of these, effective sophisticated invalid traffic [count]
  impressions_pending: of these, waiting for a decision; still within net [count]
  reads: times a note of the brand was opened [count]
  reads_givt: of these, effective general invalid traffic [count]
  reads_sivt: of these, effective sophisticated invalid traffic [count]
  reads_pending: of these, waiting for a decision; still within net [count]
  ad_clicks: clicks on the brand's ads; only the two ad sources have any [count]
  ad_clicks_givt: of these, effective general invalid traffic [count]
  ad_clicks_sivt: of these, effective sophisticated invalid traffic [count]
  ad_clicks_pending: of these, waiting for a decision; still within net [count]
  product_views: times a product page of the brand was opened [count]
  product_views_givt: of these, effective general invalid traffic [count]
  product_views_sivt: of these, effective sophisticated invalid traffic [count]
  product_views_pending: of these, waiting for a decision; still within net [count]
  cart_adds: times a product of the brand was put into a cart [count]
  cart_adds_givt: of these, effective general invalid traffic [count]
  cart_adds_sivt: of these, effective sophisticated invalid traffic [count]
  cart_adds_pending: of these, waiting for a decision; still within net [count]
  orders: paid orders that hold a product of the brand that the buyer came to from there [count]
  orders_givt: of these, effective general invalid traffic [count]
  orders_sivt: of these, effective sophisticated invalid traffic [count]
  orders_pending: of these, waiting for a decision; still within net [count]
  gmv_minor: price of these products; empty if they are in several currencies [minor]
  gmv_minor_givt: of these, effective general invalid traffic [minor]
  gmv_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  gmv_minor_pending: of these, waiting for a decision; still within net [minor]
  currency: ISO 4217 of gmv_minor, empty on a day without paid orders
expect:
  - unique: [brand_id, source, event_date]
  - not_null: [brand_id, source, event_date]
  - in_set: {column: source, values: [feed, search, brand_page, topic, follow, feed_ad, search_ad, other]}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE impressions_givt + impressions_sivt + impressions_pending > impressions
         OR reads_givt + reads_sivt + reads_pending > reads
         OR ad_clicks_givt + ad_clicks_sivt + ad_clicks_pending > ad_clicks
         OR product_views_givt + product_views_sivt + product_views_pending > product_views
         OR cart_adds_givt + cart_adds_sivt + cart_adds_pending > cart_adds
         OR orders_givt + orders_sivt + orders_pending > orders
         OR gmv_minor_givt + gmv_minor_sivt + gmv_minor_pending > gmv_minor
  - no_rows: >
      SELECT 1
      FROM (
        SELECT
          coalesce(sum(product_views), 0) AS views, coalesce(sum(cart_adds), 0) AS carts, coalesce(sum(ad_clicks), 0) AS clicks
        FROM {batch}
      )
      WHERE views <> (SELECT count(*) FROM features.visit_sources WHERE kind = 'view' AND event_date BETWEEN $from_date AND $to_date)
         OR carts <> (SELECT count(*) FROM silver.cart_adds WHERE event_date BETWEEN $from_date AND $to_date)
         OR clicks <> (SELECT count(*) FROM silver.ad_clicks WHERE event_date BETWEEN $from_date AND $to_date)
notes: >
  A cart add and a line of an order came from where the person last opened that product's page, at most
  visit_lookback_days before; without such a page, a cart add from the surface that it names and a line from "other".
  A note of several brands counts for each, and an order whose products came from two sources for both.
*/
WITH note_versions AS (
  SELECT
    note_id, brand_ids, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY note_id ORDER BY event_date) AS valid_until
  FROM silver.note_states
  WHERE event_date <= $to_date
),
note_acts AS (
  SELECT event_date, note_id, actor_id, 'impression' AS act,
    CASE WHEN surface IN ('feed', 'search', 'brand_page', 'topic', 'follow') THEN surface ELSE 'other' END AS source
  FROM silver.note_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, note_id, actor_id, 'read', source
  FROM features.visit_sources
  WHERE kind = 'read' AND event_date BETWEEN $from_date AND $to_date
),
judged_note_acts AS (
  SELECT
    a.event_date, a.note_id, a.act, a.source,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing,
    count(*) AS n
  FROM note_acts AS a
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = a.actor_id AND v.event_date = a.event_date
  GROUP BY 1, 2, 3, 4, 5
),
brand_note_acts AS (
  SELECT a.event_date, a.act, a.source, a.standing, a.n, unnest(n.brand_ids) AS brand_id
  FROM judged_note_acts AS a
  JOIN note_versions AS n
    ON n.note_id = a.note_id
    AND a.event_date >= n.valid_from AND (n.valid_until IS NULL OR a.event_date < n.valid_until)
),
ads AS (
  SELECT event_date, brand_id, actor_id, NULL AS click_id, placement, 'impression' AS act
  FROM silver.ad_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, brand_id, actor_id, click_id, placement, 'ad_click'
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date
),
judged_ads AS (
  SELECT
    a.event_date, a.brand_id, a.act,
    CASE WHEN a.placement = 'search' THEN 'search_ad' ELSE 'feed_ad' END AS source,
    CASE
      WHEN c.state = 'effective' THEN c.kind
      WHEN v.state = 'effective' AND a.act = 'impression' THEN v.kind
      WHEN c.state = 'pending' OR v.state = 'pending' AND a.act = 'impression' THEN 'pending'
      ELSE 'valid'
    END AS standing,
    count(*) AS n
  FROM ads AS a
  LEFT JOIN risk.click_verdicts AS c ON c.click_id = a.click_id AND c.event_date = a.event_date
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = a.actor_id AND v.event_date = a.event_date
  GROUP BY 1, 2, 3, 4, 5
),
views AS (
  SELECT event_id, event_date, occurred_at, actor_id, product_id, brand_id, source
  FROM features.visit_sources
  WHERE kind = 'view' AND event_date BETWEEN $from_date - $visit_lookback_days AND $to_date
),
acts AS (
  SELECT
    event_id, event_date, occurred_at, actor_id, product_id, brand_id, 'cart' AS act, NULL AS order_id, 0 AS amount_minor,
    NULL AS currency,
    CASE WHEN surface IN ('feed', 'search', 'brand_page', 'topic', 'follow') THEN surface ELSE 'other' END AS surface
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT
    concat(l.order_id, '#', l.line_number, '#', l.event_date), l.event_date, o.placed_at, o.actor_id, l.product_id, l.brand_id,
    'line', l.order_id, l.amount_minor, l.currency, 'other'
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date AND o.paid_at IS NOT NULL
),
led_by_view AS (
  SELECT a.event_id, w.source
  FROM acts AS a
  JOIN views AS w
    ON w.actor_id = a.actor_id AND w.product_id = a.product_id AND w.occurred_at <= a.occurred_at
    AND w.event_date BETWEEN a.event_date - $visit_lookback_days AND a.event_date
  QUALIFY row_number() OVER (PARTITION BY a.event_id ORDER BY w.occurred_at DESC, w.event_id DESC) = 1
),
traced AS (
  SELECT
    a.event_date, a.brand_id, a.actor_id, coalesce(l.source, a.surface) AS source, a.act, a.order_id, a.amount_minor, a.currency
  FROM acts AS a
  LEFT JOIN led_by_view AS l ON l.event_id = a.event_id
  UNION ALL
  SELECT event_date, brand_id, actor_id, source, 'view', NULL, 0, NULL
  FROM views
  WHERE event_date BETWEEN $from_date AND $to_date
),
judged_acts AS (
  SELECT
    a.event_date, a.brand_id, a.source, a.act, a.order_id, a.amount_minor, a.currency,
    CASE
      WHEN o.state = 'effective' THEN o.kind
      WHEN v.state = 'effective' THEN v.kind
      WHEN o.state = 'pending' OR v.state = 'pending' THEN 'pending'
      ELSE 'valid'
    END AS standing
  FROM traced AS a
  LEFT JOIN risk.order_verdicts AS o ON o.order_id = a.order_id AND o.event_date = a.event_date
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = a.actor_id AND v.event_date = a.event_date
),
facts AS (
  SELECT event_date, brand_id, source, act, standing, n, NULL AS order_id, 0 AS amount_minor, NULL AS currency
  FROM brand_note_acts
  UNION ALL
  SELECT event_date, brand_id, source, act, standing, n, NULL, 0, NULL
  FROM judged_ads
  UNION ALL
  SELECT event_date, brand_id, source, act, standing, 1, order_id, amount_minor, currency
  FROM judged_acts
)
SELECT
  brand_id                                                                                                           AS brand_id,
  source                                                                                                             AS source,
  event_date                                                                                                         AS event_date,
  sum(CASE WHEN act = 'impression' THEN n ELSE 0 END)                                                                AS impressions,
  sum(CASE WHEN act = 'impression' AND standing = 'givt' THEN n ELSE 0 END)                                          AS impressions_givt,
  sum(CASE WHEN act = 'impression' AND standing = 'sivt' THEN n ELSE 0 END)                                          AS impressions_sivt,
  sum(CASE WHEN act = 'impression' AND standing = 'pending' THEN n ELSE 0 END)                                       AS impressions_pending,
  sum(CASE WHEN act = 'read' THEN n ELSE 0 END)                                                                      AS reads,
  sum(CASE WHEN act = 'read' AND standing = 'givt' THEN n ELSE 0 END)                                                AS reads_givt,
  sum(CASE WHEN act = 'read' AND standing = 'sivt' THEN n ELSE 0 END)                                                AS reads_sivt,
  sum(CASE WHEN act = 'read' AND standing = 'pending' THEN n ELSE 0 END)                                             AS reads_pending,
  sum(CASE WHEN act = 'ad_click' THEN n ELSE 0 END)                                                                  AS ad_clicks,
  sum(CASE WHEN act = 'ad_click' AND standing = 'givt' THEN n ELSE 0 END)                                            AS ad_clicks_givt,
  sum(CASE WHEN act = 'ad_click' AND standing = 'sivt' THEN n ELSE 0 END)                                            AS ad_clicks_sivt,
  sum(CASE WHEN act = 'ad_click' AND standing = 'pending' THEN n ELSE 0 END)                                         AS ad_clicks_pending,
  sum(CASE WHEN act = 'view' THEN n ELSE 0 END)                                                                      AS product_views,
  sum(CASE WHEN act = 'view' AND standing = 'givt' THEN n ELSE 0 END)                                                AS product_views_givt,
  sum(CASE WHEN act = 'view' AND standing = 'sivt' THEN n ELSE 0 END)                                                AS product_views_sivt,
  sum(CASE WHEN act = 'view' AND standing = 'pending' THEN n ELSE 0 END)                                             AS product_views_pending,
  sum(CASE WHEN act = 'cart' THEN n ELSE 0 END)                                                                      AS cart_adds,
  sum(CASE WHEN act = 'cart' AND standing = 'givt' THEN n ELSE 0 END)                                                AS cart_adds_givt,
  sum(CASE WHEN act = 'cart' AND standing = 'sivt' THEN n ELSE 0 END)                                                AS cart_adds_sivt,
  sum(CASE WHEN act = 'cart' AND standing = 'pending' THEN n ELSE 0 END)                                             AS cart_adds_pending,
  count(DISTINCT order_id)                                                                                           AS orders,
  count(DISTINCT CASE WHEN standing = 'givt' THEN order_id END)                                                      AS orders_givt,
  count(DISTINCT CASE WHEN standing = 'sivt' THEN order_id END)                                                      AS orders_sivt,
  count(DISTINCT CASE WHEN standing = 'pending' THEN order_id END)                                                   AS orders_pending,
  CASE WHEN count(DISTINCT currency) <= 1 THEN sum(amount_minor) END                                                 AS gmv_minor,
  CASE WHEN count(DISTINCT currency) <= 1 THEN sum(CASE WHEN standing = 'givt' THEN amount_minor ELSE 0 END) END     AS gmv_minor_givt,
  CASE WHEN count(DISTINCT currency) <= 1 THEN sum(CASE WHEN standing = 'sivt' THEN amount_minor ELSE 0 END) END     AS gmv_minor_sivt,
  CASE WHEN count(DISTINCT currency) <= 1 THEN sum(CASE WHEN standing = 'pending' THEN amount_minor ELSE 0 END) END  AS gmv_minor_pending,
  CASE WHEN min(currency) = max(currency) THEN min(currency) END                                                     AS currency
FROM facts
GROUP BY brand_id, source, event_date
