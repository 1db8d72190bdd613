/*
grain: one row per creator and day on which a note of the creator was published, shown or engaged with, or follows changed
partition: event_date
owner: insight
freshness: 26h
restated: true
lookback: {silver.note_states: all, silver.creator_states: all, silver.follows: all}
columns:
  creator_id: the user who publishes notes, "(unknown)" for notes whose state is not known
  event_date: reporting-local day [day]
  notes_published: notes that were published for the first time [count]
  followers: people who follow at the day's end, by the platform's last count and the net follows since it [count]
  impressions: cards of the creator's notes rendered, one per person, note and request [count]
  impressions_givt: of these, effective general invalid traffic [count]
  impressions_sivt: of these, effective sophisticated invalid traffic [count]
  impressions_pending: of these, waiting for a decision; still within net [count]
  reads: times a note of the creator was opened [count]
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
  follows: people who began to follow less those who ended it [count]
  follows_givt: of these, effective general invalid traffic [count]
  follows_sivt: of these, effective sophisticated invalid traffic [count]
  follows_pending: of these, waiting for a decision; still within net [count]
expect:
  - unique: [creator_id, event_date]
  - not_null: [creator_id, event_date, notes_published, followers]
  - between: {column: impressions, min: 0}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE impressions_givt + impressions_sivt + impressions_pending > impressions
         OR reads_givt + reads_sivt + reads_pending > reads
  - no_rows: >
      SELECT 1
      FROM (
        SELECT coalesce(sum(impressions), 0) AS shown, coalesce(sum(reads), 0) AS opened, coalesce(sum(follows), 0) AS followed
        FROM {batch}
      )
      WHERE shown <> (SELECT count(*) FROM silver.note_impressions WHERE event_date BETWEEN $from_date AND $to_date)
         OR opened <> (SELECT count(*) FROM silver.note_reads WHERE event_date BETWEEN $from_date AND $to_date)
         OR followed <> (SELECT coalesce(sum(net), 0) FROM silver.follows WHERE event_date BETWEEN $from_date AND $to_date)
*/
WITH publications AS (
  SELECT note_id, creator_id, event_date
  FROM silver.note_states
  WHERE was_published AND event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY note_id ORDER BY event_date) = 1
),
followed AS (
  SELECT
    f.creator_id, f.event_date, f.net,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing
  FROM silver.follows AS f
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = f.actor_id AND v.event_date = f.event_date
  WHERE f.event_date BETWEEN $from_date AND $to_date
),
follow_days AS (
  SELECT
    creator_id,
    event_date,
    sum(net)                                                    AS follows,
    sum(CASE WHEN standing = 'givt' THEN net ELSE 0 END)        AS follows_givt,
    sum(CASE WHEN standing = 'sivt' THEN net ELSE 0 END)        AS follows_sivt,
    sum(CASE WHEN standing = 'pending' THEN net ELSE 0 END)     AS follows_pending
  FROM followed
  GROUP BY creator_id, event_date
),
publication_days AS (
  SELECT creator_id, event_date, count(*) AS notes_published
  FROM publications
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY creator_id, event_date
),
note_days AS (
  SELECT
    creator_id,
    event_date,
    sum(impressions) AS impressions,
    sum(impressions_givt) AS impressions_givt,
    sum(impressions_sivt) AS impressions_sivt,
    sum(impressions_pending) AS impressions_pending,
    sum(reads) AS reads,
    sum(reads_givt) AS reads_givt,
    sum(reads_sivt) AS reads_sivt,
    sum(reads_pending) AS reads_pending,
    sum(likes) AS likes,
    sum(likes_givt) AS likes_givt,
    sum(likes_sivt) AS likes_sivt,
    sum(likes_pending) AS likes_pending,
    sum(collects) AS collects,
    sum(collects_givt) AS collects_givt,
    sum(collects_sivt) AS collects_sivt,
    sum(collects_pending) AS collects_pending,
    sum(comments) AS comments,
    sum(comments_givt) AS comments_givt,
    sum(comments_sivt) AS comments_sivt,
    sum(comments_pending) AS comments_pending,
    sum(shares) AS shares,
    sum(shares_givt) AS shares_givt,
    sum(shares_sivt) AS shares_sivt,
    sum(shares_pending) AS shares_pending
  FROM gold.note_daily
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY creator_id, event_date
),
creator_days AS (
  SELECT creator_id, event_date FROM note_days
  UNION
  SELECT creator_id, event_date FROM publication_days
  UNION
  SELECT creator_id, event_date FROM follow_days
),
movements AS (
  SELECT creator_id, event_date, net FROM silver.follows WHERE event_date <= $to_date
  UNION ALL
  SELECT creator_id, event_date, 0 FROM silver.creator_states WHERE event_date <= $to_date
  UNION ALL
  SELECT creator_id, event_date, 0 FROM creator_days
),
moved_days AS (
  SELECT creator_id, event_date, sum(net) AS net FROM movements GROUP BY creator_id, event_date
),
standing_follows AS (
  SELECT
    creator_id, event_date,
    sum(net) OVER (
      PARTITION BY creator_id ORDER BY event_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS follows
  FROM moved_days
),
follows_after_count AS (
  SELECT s.creator_id, s.event_date, sum(f.net) AS net
  FROM silver.creator_states AS s
  JOIN silver.follows AS f
    ON f.creator_id = s.creator_id AND f.event_date = s.event_date AND f.occurred_at > s.changed_at
  WHERE s.event_date <= $to_date
  GROUP BY s.creator_id, s.event_date
),
counted AS (
  SELECT
    s.creator_id,
    s.event_date AS valid_from,
    lead(s.event_date) OVER (PARTITION BY s.creator_id ORDER BY s.event_date) AS valid_until,
    s.followers + coalesce(a.net, 0) - t.follows AS followers_before_follows
  FROM silver.creator_states AS s
  JOIN standing_follows AS t ON t.creator_id = s.creator_id AND t.event_date = s.event_date
  LEFT JOIN follows_after_count AS a ON a.creator_id = s.creator_id AND a.event_date = s.event_date
  WHERE s.event_date <= $to_date
)
SELECT
  d.creator_id,
  d.event_date,
  coalesce(p.notes_published, 0) AS notes_published,
  coalesce(c.followers_before_follows, 0) + t.follows AS followers,
  coalesce(n.impressions, 0) AS impressions,
  coalesce(n.impressions_givt, 0) AS impressions_givt,
  coalesce(n.impressions_sivt, 0) AS impressions_sivt,
  coalesce(n.impressions_pending, 0) AS impressions_pending,
  coalesce(n.reads, 0) AS reads,
  coalesce(n.reads_givt, 0) AS reads_givt,
  coalesce(n.reads_sivt, 0) AS reads_sivt,
  coalesce(n.reads_pending, 0) AS reads_pending,
  coalesce(n.likes, 0) AS likes,
  coalesce(n.likes_givt, 0) AS likes_givt,
  coalesce(n.likes_sivt, 0) AS likes_sivt,
  coalesce(n.likes_pending, 0) AS likes_pending,
  coalesce(n.collects, 0) AS collects,
  coalesce(n.collects_givt, 0) AS collects_givt,
  coalesce(n.collects_sivt, 0) AS collects_sivt,
  coalesce(n.collects_pending, 0) AS collects_pending,
  coalesce(n.comments, 0) AS comments,
  coalesce(n.comments_givt, 0) AS comments_givt,
  coalesce(n.comments_sivt, 0) AS comments_sivt,
  coalesce(n.comments_pending, 0) AS comments_pending,
  coalesce(n.shares, 0) AS shares,
  coalesce(n.shares_givt, 0) AS shares_givt,
  coalesce(n.shares_sivt, 0) AS shares_sivt,
  coalesce(n.shares_pending, 0) AS shares_pending,
  coalesce(f.follows, 0) AS follows,
  coalesce(f.follows_givt, 0) AS follows_givt,
  coalesce(f.follows_sivt, 0) AS follows_sivt,
  coalesce(f.follows_pending, 0) AS follows_pending
FROM creator_days AS d
JOIN standing_follows AS t ON t.creator_id = d.creator_id AND t.event_date = d.event_date
LEFT JOIN note_days AS n ON n.creator_id = d.creator_id AND n.event_date = d.event_date
LEFT JOIN publication_days AS p ON p.creator_id = d.creator_id AND p.event_date = d.event_date
LEFT JOIN follow_days AS f ON f.creator_id = d.creator_id AND f.event_date = d.event_date
LEFT JOIN counted AS c
  ON c.creator_id = d.creator_id
  AND d.event_date >= c.valid_from AND (c.valid_until IS NULL OR d.event_date < c.valid_until)
