/*
grain: one row per search term, brand and day on which the term's results showed the brand; "(unknown)" for every term
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.note_states: all, silver.product_states: all}
columns:
  term: the words, trimmed and in lower case
  brand_id: the brand; "(unknown)" for results without one, and there for every term of the day
  event_date: reporting-local day [day]
  searches: searches of the term, the same for each of its brands [count]
  searchers: distinct people who searched it, the same for each of its brands [count]
  term_impressions: all results of the term that were rendered [count]
  impressions: of these, results of the brand [count]
  term_clicks: all results of the term that were opened [count]
  clicks: of these, results of the brand [count]
  term_cart_adds: cart adds after the term's results, of any brand [count]
  cart_adds: of these, of the brand's products [count]
  term_purchases: paid orders after the term's results, one for each brand in them [count]
  term_purchases_givt: of these, effective general invalid traffic [count]
  term_purchases_sivt: of these, effective sophisticated invalid traffic [count]
  term_purchases_pending: of these, waiting for a decision; still within net [count]
  purchases: of the term's, paid orders that hold a product of the brand [count]
  purchases_givt: of these, effective general invalid traffic [count]
  purchases_sivt: of these, effective sophisticated invalid traffic [count]
  purchases_pending: of these, waiting for a decision; still within net [count]
expect:
  - unique: [term, brand_id, event_date]
  - not_null: [term, brand_id, event_date]
  - no_rows: >
      SELECT * FROM {batch}
      WHERE searchers > searches OR impressions > term_impressions OR clicks > term_clicks OR clicks > impressions
         OR cart_adds > term_cart_adds OR purchases > term_purchases
         OR purchases_givt + purchases_sivt + purchases_pending > purchases
         OR term_purchases_givt + term_purchases_sivt + term_purchases_pending > term_purchases
  - no_rows: >
      SELECT 1
      FROM (
        SELECT coalesce(sum(searches), 0) AS searched, coalesce(sum(term_impressions), 0) AS shown
        FROM {batch} WHERE brand_id = '(unknown)'
      )
      WHERE searched <> (SELECT count(*) FROM silver.searches WHERE event_date BETWEEN $from_date AND $to_date)
         OR shown <> (
           SELECT count(*) FROM silver.search_results WHERE term IS NOT NULL AND event_date BETWEEN $from_date AND $to_date
         )
notes: >
  A cart add or a paid order follows the last search of that day whose results had shown the person something of the
  brand before. A note of several brands is a result of each, so that shares of a term may add up to more than one.
*/
WITH results AS (
  SELECT event_date, term, request_id, occurred_at, actor_id, kind, item_id, is_clicked
  FROM silver.search_results
  WHERE term IS NOT NULL AND event_date BETWEEN $from_date AND $to_date
),
note_versions AS (
  SELECT
    note_id, CASE WHEN array_length(brand_ids) > 0 THEN brand_ids ELSE ['(unknown)'] END AS brand_ids,
    event_date AS valid_from, lead(event_date) OVER (PARTITION BY note_id ORDER BY event_date) AS valid_until
  FROM silver.note_states
  WHERE event_date <= $to_date
),
product_versions AS (
  SELECT
    product_id, brand_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date
),
ad_brands AS (
  SELECT event_date, request_id, creative_id, min(brand_id) AS brand_id
  FROM silver.ad_impressions
  WHERE placement = 'search' AND event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, request_id, creative_id
),
brand_results AS (
  SELECT
    r.event_date, r.term, r.request_id, r.occurred_at, r.actor_id, r.is_clicked,
    unnest(coalesce(n.brand_ids, ['(unknown)'])) AS brand_id
  FROM results AS r
  LEFT JOIN note_versions AS n
    ON n.note_id = r.item_id
    AND r.event_date >= n.valid_from AND (n.valid_until IS NULL OR r.event_date < n.valid_until)
  WHERE r.kind = 'note'
  UNION ALL
  SELECT
    r.event_date, r.term, r.request_id, r.occurred_at, r.actor_id, r.is_clicked, coalesce(p.brand_id, '(unknown)')
  FROM results AS r
  LEFT JOIN product_versions AS p
    ON p.product_id = r.item_id
    AND r.event_date >= p.valid_from AND (p.valid_until IS NULL OR r.event_date < p.valid_until)
  WHERE r.kind = 'product'
  UNION ALL
  SELECT r.event_date, r.term, r.request_id, r.occurred_at, r.actor_id, r.is_clicked, coalesce(a.brand_id, '(unknown)')
  FROM results AS r
  LEFT JOIN ad_brands AS a
    ON a.event_date = r.event_date AND a.request_id = r.request_id AND a.creative_id = r.item_id
  WHERE r.kind = 'ad'
),
brand_days AS (
  SELECT event_date, term, brand_id, count(*) AS impressions, count(*) FILTER (WHERE is_clicked) AS clicks
  FROM brand_results
  GROUP BY event_date, term, brand_id
),
answers AS (
  SELECT event_date, actor_id, brand_id, term, request_id, min(occurred_at) AS shown_at
  FROM brand_results
  WHERE actor_id IS NOT NULL AND brand_id <> '(unknown)'
  GROUP BY event_date, actor_id, brand_id, term, request_id
),
acts AS (
  SELECT event_date, 'cart' AS act, event_id AS act_id, NULL AS order_id, occurred_at, actor_id, brand_id
  FROM silver.cart_adds
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION
  SELECT l.event_date, 'purchase', l.order_id, l.order_id, o.placed_at, o.actor_id, l.brand_id
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date AND o.paid_at IS NOT NULL
),
followed AS (
  SELECT a.event_date, a.act, a.order_id, a.actor_id, a.brand_id, s.term
  FROM acts AS a
  JOIN answers AS s
    ON s.event_date = a.event_date AND s.actor_id = a.actor_id AND s.brand_id = a.brand_id
    AND s.shown_at <= a.occurred_at
  QUALIFY row_number() OVER (
    PARTITION BY a.event_date, a.act, a.act_id, a.brand_id ORDER BY s.shown_at DESC, s.request_id DESC, s.term
  ) = 1
),
judged AS (
  SELECT
    f.event_date, f.term, f.brand_id, f.act,
    CASE
      WHEN o.state = 'effective' THEN o.kind
      WHEN v.state = 'effective' THEN v.kind
      WHEN o.state = 'pending' OR v.state = 'pending' THEN 'pending'
      ELSE 'valid'
    END AS standing
  FROM followed AS f
  LEFT JOIN risk.order_verdicts AS o ON o.order_id = f.order_id AND o.event_date = f.event_date
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = f.actor_id AND v.event_date = f.event_date
),
outcome_days AS (
  SELECT
    event_date,
    term,
    brand_id,
    count(*) FILTER (WHERE act = 'cart')                                AS cart_adds,
    count(*) FILTER (WHERE act = 'purchase')                            AS purchases,
    count(*) FILTER (WHERE act = 'purchase' AND standing = 'givt')      AS purchases_givt,
    count(*) FILTER (WHERE act = 'purchase' AND standing = 'sivt')      AS purchases_sivt,
    count(*) FILTER (WHERE act = 'purchase' AND standing = 'pending')   AS purchases_pending
  FROM judged
  GROUP BY event_date, term, brand_id
),
term_searches AS (
  SELECT event_date, term, count(*) AS searches, count(DISTINCT actor_id) AS searchers
  FROM silver.searches
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, term
),
term_results AS (
  SELECT event_date, term, count(*) AS impressions, count(*) FILTER (WHERE is_clicked) AS clicks
  FROM results
  GROUP BY event_date, term
),
term_outcomes AS (
  SELECT
    event_date,
    term,
    sum(cart_adds)          AS cart_adds,
    sum(purchases)          AS purchases,
    sum(purchases_givt)     AS purchases_givt,
    sum(purchases_sivt)     AS purchases_sivt,
    sum(purchases_pending)  AS purchases_pending
  FROM outcome_days
  GROUP BY event_date, term
),
keys AS (
  SELECT event_date, term, brand_id FROM brand_days
  UNION
  SELECT event_date, term, '(unknown)' FROM term_searches
  UNION
  SELECT event_date, term, '(unknown)' FROM term_results
)
SELECT
  k.term,
  k.brand_id,
  k.event_date,
  coalesce(s.searches, 0)             AS searches,
  coalesce(s.searchers, 0)            AS searchers,
  coalesce(r.impressions, 0)          AS term_impressions,
  coalesce(b.impressions, 0)          AS impressions,
  coalesce(r.clicks, 0)               AS term_clicks,
  coalesce(b.clicks, 0)               AS clicks,
  coalesce(t.cart_adds, 0)            AS term_cart_adds,
  coalesce(o.cart_adds, 0)            AS cart_adds,
  coalesce(t.purchases, 0)            AS term_purchases,
  coalesce(t.purchases_givt, 0)       AS term_purchases_givt,
  coalesce(t.purchases_sivt, 0)       AS term_purchases_sivt,
  coalesce(t.purchases_pending, 0)    AS term_purchases_pending,
  coalesce(o.purchases, 0)            AS purchases,
  coalesce(o.purchases_givt, 0)       AS purchases_givt,
  coalesce(o.purchases_sivt, 0)       AS purchases_sivt,
  coalesce(o.purchases_pending, 0)    AS purchases_pending
FROM keys AS k
LEFT JOIN term_searches AS s ON s.event_date = k.event_date AND s.term = k.term
LEFT JOIN term_results AS r ON r.event_date = k.event_date AND r.term = k.term
LEFT JOIN term_outcomes AS t ON t.event_date = k.event_date AND t.term = k.term
LEFT JOIN brand_days AS b ON b.event_date = k.event_date AND b.term = k.term AND b.brand_id = k.brand_id
LEFT JOIN outcome_days AS o ON o.event_date = k.event_date AND o.term = k.term AND o.brand_id = k.brand_id
