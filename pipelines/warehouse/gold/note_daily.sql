/*
grain: one row per note and day on which it was shown, opened, engaged with, or a product card within it was
partition: event_date
owner: insight
freshness: 26h
restated: true
lookback: {silver.note_states: all}
columns:
  note_id: the note
  event_date: reporting-local day [day]
  creator_id: who wrote it, "(unknown)" if no state of that day or before says
  brand_ids: brands of its products and mentions as of the day, sorted [list]
  is_disclosed_ad: the creator said, as of the day, that it is advertising [flag]
  reach: distinct people who saw its card [count]
  readers: distinct people who opened it [count]
  dwell_ms: how long it was open, all readings together [milliseconds]
  impressions: its cards rendered, one per person, request and day [count]
  impressions_givt: of these, effective general invalid traffic [count]
  impressions_sivt: of these, effective sophisticated invalid traffic [count]
  impressions_pending: of these, waiting for a decision; still within net [count]
  reads: times it was opened [count]
  reads_givt: of these, effective general invalid traffic [count]
  reads_sivt: of these, effective sophisticated invalid traffic [count]
  reads_pending: of these, waiting for a decision; still within net [count]
  likes: likes less those taken back [count]
  likes_givt: of these, effective general invalid traffic [count]
  likes_sivt: of these, effective sophisticated invalid traffic [count]
  likes_pending: of these, waiting for a decision; still within net [count]
  collects: times saved less those removed [count]
  collects_givt: of these, effective general invalid traffic [count]
  collects_sivt: of these, effective sophisticated invalid traffic [count]
  collects_pending: of these, waiting for a decision; still within net [count]
  comments: comments less those taken back [count]
  comments_givt: of these, effective general invalid traffic [count]
  comments_sivt: of these, effective sophisticated invalid traffic [count]
  comments_pending: of these, waiting for a decision; still within net [count]
  shares: times sent to somebody [count]
  shares_givt: of these, effective general invalid traffic [count]
  shares_sivt: of these, effective sophisticated invalid traffic [count]
  shares_pending: of these, waiting for a decision; still within net [count]
  product_card_clicks: clicks on product cards within it [count]
  product_card_clicks_givt: of these, effective general invalid traffic [count]
  product_card_clicks_sivt: of these, effective sophisticated invalid traffic [count]
  product_card_clicks_pending: of these, waiting for a decision; still within net [count]
  hides: times hidden less those taken back [count]
  reports: times reported [count]
  product_card_impressions: product cards rendered within it [count]
expect:
  - unique: [note_id, event_date]
  - not_null: [note_id, event_date, creator_id, brand_ids]
  - between: {column: impressions, min: 0}
  - no_rows: SELECT * FROM {batch} WHERE reach > impressions OR readers > reads
  - no_rows: >
      SELECT * FROM {batch}
      WHERE impressions_givt + impressions_sivt + impressions_pending > impressions
         OR reads_givt + reads_sivt + reads_pending > reads
         OR product_card_clicks_givt + product_card_clicks_sivt + product_card_clicks_pending > product_card_clicks
  - no_rows: >
      SELECT 1
      FROM (
        SELECT
          coalesce(sum(impressions), 0) AS shown,
          coalesce(sum(reads), 0) AS opened,
          coalesce(sum(likes + collects + comments + shares + hides + reports), 0) AS engaged
        FROM {batch}
      )
      WHERE shown <> (SELECT count(*) FROM silver.note_impressions WHERE event_date BETWEEN $from_date AND $to_date)
         OR opened <> (SELECT count(*) FROM silver.note_reads WHERE event_date BETWEEN $from_date AND $to_date)
         OR engaged <> (SELECT coalesce(sum(net), 0) FROM silver.engagements WHERE event_date BETWEEN $from_date AND $to_date)
notes: >
  Likes and the like are what the day changed: an earlier day's like that is taken back counts -1. Verdicts are those on
  the person's acts of the day.
*/
WITH acts AS (
  SELECT event_date, note_id, actor_id, 'impression' AS act, count(*) AS n, 0 AS dwell_ms
  FROM silver.note_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, note_id, actor_id
  UNION ALL
  SELECT event_date, note_id, actor_id, 'read', count(*), sum(dwell_ms)
  FROM silver.note_reads
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, note_id, actor_id
  UNION ALL
  SELECT event_date, note_id, actor_id, kind, net, 0
  FROM silver.engagements
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, note_id, actor_id, CASE WHEN act = 'click' THEN 'card_click' ELSE 'card_impression' END, 1, 0
  FROM silver.product_card_events
  WHERE note_id IS NOT NULL AND event_date BETWEEN $from_date AND $to_date
),
judged AS (
  SELECT
    a.event_date, a.note_id, a.act,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing,
    sum(a.n) AS n, sum(a.dwell_ms) AS dwell_ms, count(a.actor_id) AS people
  FROM acts AS a
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = a.actor_id AND v.event_date = a.event_date
  GROUP BY 1, 2, 3, 4
),
note_days AS (
  SELECT
    note_id,
    event_date,
    sum(CASE WHEN act = 'impression' THEN people ELSE 0 END)                      AS reach,
    sum(CASE WHEN act = 'read' THEN people ELSE 0 END)                            AS readers,
    sum(dwell_ms)                                                                 AS dwell_ms,
    sum(CASE WHEN act = 'impression' THEN n ELSE 0 END)                           AS impressions,
    sum(CASE WHEN act = 'impression' AND standing = 'givt' THEN n ELSE 0 END)     AS impressions_givt,
    sum(CASE WHEN act = 'impression' AND standing = 'sivt' THEN n ELSE 0 END)     AS impressions_sivt,
    sum(CASE WHEN act = 'impression' AND standing = 'pending' THEN n ELSE 0 END)  AS impressions_pending,
    sum(CASE WHEN act = 'read' THEN n ELSE 0 END)                                 AS reads,
    sum(CASE WHEN act = 'read' AND standing = 'givt' THEN n ELSE 0 END)           AS reads_givt,
    sum(CASE WHEN act = 'read' AND standing = 'sivt' THEN n ELSE 0 END)           AS reads_sivt,
    sum(CASE WHEN act = 'read' AND standing = 'pending' THEN n ELSE 0 END)        AS reads_pending,
    sum(CASE WHEN act = 'like' THEN n ELSE 0 END)                                 AS likes,
    sum(CASE WHEN act = 'like' AND standing = 'givt' THEN n ELSE 0 END)           AS likes_givt,
    sum(CASE WHEN act = 'like' AND standing = 'sivt' THEN n ELSE 0 END)           AS likes_sivt,
    sum(CASE WHEN act = 'like' AND standing = 'pending' THEN n ELSE 0 END)        AS likes_pending,
    sum(CASE WHEN act = 'collect' THEN n ELSE 0 END)                              AS collects,
    sum(CASE WHEN act = 'collect' AND standing = 'givt' THEN n ELSE 0 END)        AS collects_givt,
    sum(CASE WHEN act = 'collect' AND standing = 'sivt' THEN n ELSE 0 END)        AS collects_sivt,
    sum(CASE WHEN act = 'collect' AND standing = 'pending' THEN n ELSE 0 END)     AS collects_pending,
    sum(CASE WHEN act = 'comment' THEN n ELSE 0 END)                              AS comments,
    sum(CASE WHEN act = 'comment' AND standing = 'givt' THEN n ELSE 0 END)        AS comments_givt,
    sum(CASE WHEN act = 'comment' AND standing = 'sivt' THEN n ELSE 0 END)        AS comments_sivt,
    sum(CASE WHEN act = 'comment' AND standing = 'pending' THEN n ELSE 0 END)     AS comments_pending,
    sum(CASE WHEN act = 'share' THEN n ELSE 0 END)                                AS shares,
    sum(CASE WHEN act = 'share' AND standing = 'givt' THEN n ELSE 0 END)          AS shares_givt,
    sum(CASE WHEN act = 'share' AND standing = 'sivt' THEN n ELSE 0 END)          AS shares_sivt,
    sum(CASE WHEN act = 'share' AND standing = 'pending' THEN n ELSE 0 END)       AS shares_pending,
    sum(CASE WHEN act = 'card_click' THEN n ELSE 0 END)                           AS product_card_clicks,
    sum(CASE WHEN act = 'card_click' AND standing = 'givt' THEN n ELSE 0 END)     AS product_card_clicks_givt,
    sum(CASE WHEN act = 'card_click' AND standing = 'sivt' THEN n ELSE 0 END)     AS product_card_clicks_sivt,
    sum(CASE WHEN act = 'card_click' AND standing = 'pending' THEN n ELSE 0 END)  AS product_card_clicks_pending,
    sum(CASE WHEN act = 'hide' THEN n ELSE 0 END)                                 AS hides,
    sum(CASE WHEN act = 'report' THEN n ELSE 0 END)                               AS reports,
    sum(CASE WHEN act = 'card_impression' THEN n ELSE 0 END)                      AS product_card_impressions
  FROM judged
  GROUP BY note_id, event_date
),
note_versions AS (
  SELECT
    note_id, creator_id, brand_ids, is_disclosed_ad, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY note_id ORDER BY event_date) AS valid_until
  FROM silver.note_states
  WHERE event_date <= $to_date
)
SELECT
  d.note_id,
  d.event_date,
  coalesce(n.creator_id, '(unknown)')               AS creator_id,
  coalesce(n.brand_ids, json_strings('[]', '$'))    AS brand_ids,
  coalesce(n.is_disclosed_ad, false)                AS is_disclosed_ad,
  d.reach,
  d.readers,
  d.dwell_ms,
  d.impressions,
  d.impressions_givt,
  d.impressions_sivt,
  d.impressions_pending,
  d.reads,
  d.reads_givt,
  d.reads_sivt,
  d.reads_pending,
  d.likes,
  d.likes_givt,
  d.likes_sivt,
  d.likes_pending,
  d.collects,
  d.collects_givt,
  d.collects_sivt,
  d.collects_pending,
  d.comments,
  d.comments_givt,
  d.comments_sivt,
  d.comments_pending,
  d.shares,
  d.shares_givt,
  d.shares_sivt,
  d.shares_pending,
  d.product_card_clicks,
  d.product_card_clicks_givt,
  d.product_card_clicks_sivt,
  d.product_card_clicks_pending,
  d.hides,
  d.reports,
  d.product_card_impressions
FROM note_days AS d
LEFT JOIN note_versions AS n
  ON n.note_id = d.note_id
  AND d.event_date >= n.valid_from AND (n.valid_until IS NULL OR d.event_date < n.valid_until)
