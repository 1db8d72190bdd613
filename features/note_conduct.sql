/*
grain: one row per note, as known 14 days after it was first published
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback:
  silver.user_states: all
  silver.creator_states: all
  silver.engagements: 14
  features.notes_published: 60
  features.post_briefs: 14
lookahead:
  silver.engagements: 14
  features.notes_published: 14
  features.post_briefs: 14
columns:
  note_id: the note
  event_date: reporting-local day on which it was first published [day]
  published_at: when [UTC]
  creator_id: who wrote it
  brand_id: the brand that it is about, empty if none
  gains_id: who gains if it hides an advertisement; its brand
  is_disclosed_ad: the creator says that it is advertising [flag]
  mentions: brands that its text names with @ [count]
  products: products that it shows [count]
  account_age_days: since the creator's sign-up, empty if the source does not say [number]
  profile_gaps: picture and words that the creator's profile lacks [count]
  followers: followers of the creator at the day's end, empty if not told [count]
  notes_74d: notes of the creator first published from 60 days before to 14 days after [count]
  brand_notes_74d: of these, notes about the brand [count]
  brand_share: brand_notes_74d over notes_74d [share]
  letters: letters of the text without names [count]
  house_share: share of the text that is said in notes about this brand only [share]
  twin_accounts: other creators of near-duplicates of the 30 days before, see features.note_twins [count]
  peers: notes about the brand, not disclosed, with much of the house's words, 14 days before and after, with this one [count]
  disclosed_peers: the same of disclosed ones [count]
  brand_notes_15d: notes about the brand in the 7 days before and after [count]
  brand_notes_before: notes about the brand in the four weeks before these [count]
  brand_burst: brand_notes_15d over what these weeks would have given in 15 days, one more on both sides [score]
  first_namers_29d: notes of the 14 days before and after that are their creator's first about the brand in 46 days [count]
  is_first_of_brand: it is its creator's first about the brand in 46 days [flag]
  commenters: people who commented on it within 14 days [count]
  brand_commenters: of these, people who commented on notes of other creators about the brand in the days around, too [count]
expect:
  - unique: [note_id, event_date]
  - not_null: [note_id, event_date, published_at, creator_id, is_disclosed_ad, house_share, peers, brand_notes_15d]
  - no_rows: SELECT * FROM {batch} WHERE brand_commenters > commenters
notes: >
  What detectors see of a note. Nothing later than 14 days after it was published is known of it. Peers are notes with a
  house_share of at least 0.3, see features.post_briefs.
*/
WITH published AS (
  SELECT
    n.note_id, n.event_date, n.published_at, n.creator_id, n.brand_id, coalesce(n.brand_id, n.note_id) AS about,
    n.is_disclosed_ad, n.mentions, n.products, coalesce(p.letters, 0) AS letters, coalesce(p.house_share, 0) AS house_share,
    date_diff('day', DATE '1970-01-01', n.event_date)                                                     AS day,
    CASE WHEN coalesce(p.house_share, 0) >= 0.3 AND NOT n.is_disclosed_ad THEN 1 ELSE 0 END               AS hidden_peer,
    CASE WHEN coalesce(p.house_share, 0) >= 0.3 AND n.is_disclosed_ad THEN 1 ELSE 0 END                   AS open_peer
  FROM features.notes_published AS n
  LEFT JOIN features.post_briefs AS p
    ON p.post_kind = 'note' AND p.post_id = n.note_id AND p.event_date = n.event_date
    AND p.event_date BETWEEN $from_date - 14 AND $to_date + 14
  WHERE n.event_date BETWEEN $from_date - 60 AND $to_date + 14
),
firsts AS (
  SELECT
    note_id, event_date, published_at, creator_id, brand_id, about, is_disclosed_ad, mentions, products, letters,
    house_share, day, hidden_peer, open_peer,
    CASE
      WHEN brand_id IS NOT NULL AND count(*) OVER (
        PARTITION BY creator_id, about ORDER BY day RANGE BETWEEN 46 PRECEDING AND 1 PRECEDING
      ) = 0 THEN 1
      ELSE 0
    END AS is_first
  FROM published
),
surrounded AS (
  SELECT
    note_id, event_date, published_at, creator_id, brand_id, about, is_disclosed_ad, mentions, products, letters,
    house_share, is_first,
    count(*) OVER (PARTITION BY creator_id ORDER BY day RANGE BETWEEN 60 PRECEDING AND 14 FOLLOWING)          AS notes_74d,
    count(*) OVER (PARTITION BY creator_id, about ORDER BY day RANGE BETWEEN 60 PRECEDING AND 14 FOLLOWING)   AS brand_notes_74d,
    sum(hidden_peer) OVER around                                                                              AS peers,
    sum(open_peer) OVER around                                                                                AS disclosed_peers,
    sum(is_first) OVER around                                                                                 AS first_namers,
    count(*) OVER (PARTITION BY about ORDER BY day RANGE BETWEEN 7 PRECEDING AND 7 FOLLOWING)                 AS brand_notes_15d,
    count(*) OVER (PARTITION BY about ORDER BY day RANGE BETWEEN 35 PRECEDING AND 8 PRECEDING)                AS brand_notes_before
  FROM firsts
  WINDOW around AS (PARTITION BY about ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING)
),
asked AS (
  SELECT
    note_id, event_date, published_at, creator_id, brand_id, is_disclosed_ad, mentions, products, letters, house_share,
    is_first, notes_74d, brand_notes_74d, peers, disclosed_peers, first_namers, brand_notes_15d, brand_notes_before
  FROM surrounded
  WHERE event_date BETWEEN $from_date AND $to_date
),
comments AS (
  SELECT DISTINCT e.actor_id, e.note_id, e.event_date, p.creator_id, p.brand_id, p.event_date AS published_on
  FROM silver.engagements AS e
  JOIN published AS p ON p.note_id = e.note_id
  WHERE e.kind = 'comment' AND e.net > 0 AND e.actor_id IS NOT NULL AND e.actor_id <> p.creator_id
    AND e.event_date BETWEEN $from_date - 14 AND $to_date + 14
),
talk AS (
  SELECT
    n.note_id, n.event_date, c.actor_id,
    max(CASE WHEN o.note_id IS NOT NULL THEN 1 ELSE 0 END) AS also_elsewhere
  FROM asked AS n
  JOIN comments AS c ON c.note_id = n.note_id AND c.event_date BETWEEN n.event_date AND n.event_date + 14
  LEFT JOIN comments AS o
    ON o.actor_id = c.actor_id AND o.brand_id = n.brand_id AND o.creator_id <> n.creator_id
    AND o.event_date BETWEEN n.event_date - 14 AND n.event_date + 14
    AND o.published_on BETWEEN n.event_date - 46 AND n.event_date + 14
  GROUP BY n.note_id, n.event_date, c.actor_id
),
talkers AS (
  SELECT note_id, event_date, count(*) AS commenters, sum(also_elsewhere) AS brand_commenters
  FROM talk
  GROUP BY note_id, event_date
),
author_days AS (
  SELECT DISTINCT creator_id, event_date FROM asked
),
people AS (
  SELECT
    d.creator_id, d.event_date, s.registered_on,
    CASE WHEN s.has_avatar THEN 0 ELSE 1 END + CASE WHEN s.has_bio THEN 0 ELSE 1 END AS profile_gaps
  FROM author_days AS d
  JOIN silver.user_states AS s ON s.user_id = d.creator_id AND s.event_date <= d.event_date
  WHERE s.event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY d.creator_id, d.event_date ORDER BY s.event_date DESC) = 1
),
audiences AS (
  SELECT d.creator_id, d.event_date, s.followers
  FROM author_days AS d
  JOIN silver.creator_states AS s ON s.creator_id = d.creator_id AND s.event_date <= d.event_date
  WHERE s.event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY d.creator_id, d.event_date ORDER BY s.event_date DESC) = 1
)
SELECT
  n.note_id,
  n.event_date,
  n.published_at,
  n.creator_id,
  n.brand_id,
  n.brand_id                                                                  AS gains_id,
  n.is_disclosed_ad,
  n.mentions,
  n.products,
  date_diff('day', p.registered_on, n.event_date)                             AS account_age_days,
  p.profile_gaps,
  a.followers,
  n.notes_74d,
  CASE WHEN n.brand_id IS NOT NULL THEN n.brand_notes_74d ELSE 0 END          AS brand_notes_74d,
  CASE
    WHEN n.brand_id IS NOT NULL THEN cast(n.brand_notes_74d AS DOUBLE) / nullif(n.notes_74d, 0)
    ELSE 0
  END                                                                         AS brand_share,
  n.letters,
  n.house_share,
  coalesce(w.twin_accounts, 0)                                                AS twin_accounts,
  n.peers,
  n.disclosed_peers,
  n.brand_notes_15d,
  n.brand_notes_before,
  cast(n.brand_notes_15d + 1 AS DOUBLE) / nullif(cast(15 * n.brand_notes_before AS DOUBLE) / 28 + 1, 0) AS brand_burst,
  n.first_namers                                                              AS first_namers_29d,
  n.is_first = 1                                                              AS is_first_of_brand,
  coalesce(t.commenters, 0)                                                   AS commenters,
  coalesce(t.brand_commenters, 0)                                             AS brand_commenters
FROM asked AS n
LEFT JOIN people AS p ON p.creator_id = n.creator_id AND p.event_date = n.event_date
LEFT JOIN audiences AS a ON a.creator_id = n.creator_id AND a.event_date = n.event_date
LEFT JOIN features.note_twins AS w
  ON w.note_id = n.note_id AND w.event_date = n.event_date AND w.event_date BETWEEN $from_date AND $to_date
LEFT JOIN talkers AS t ON t.note_id = n.note_id AND t.event_date = n.event_date
