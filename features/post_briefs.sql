/*
grain: one row per post, a note or a review, with how much of its text is said under its brand only
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: 28
lookahead: 14
columns:
  post_kind: note or review
  post_id: the note; the review, as source:id
  event_date: reporting-local day on which it was posted, of a note first published [day]
  brand_id: the brand that it is about, see features.post_words
  letters: letters of the text without the names of brand and product [count]
  phrases: different runs of four letters in it [count]
  house_phrases: of these, phrases of the house [count]
  house_share: house_phrases over phrases, 0 for a text without any or without a brand [share]
expect:
  - unique: [post_kind, post_id, event_date]
  - not_null: [post_kind, post_id, event_date, brand_id, letters, phrases, house_phrases, house_share]
  - between: {column: house_share, min: 0, max: 1}
notes: >
  What is left of a brief when everybody words it anew. A phrase is of the house if at least two posts about the brand by
  other people hold it and, give or take one, one in 25 of all about the brand; and if nine in ten of the posts that hold
  it are about the brand, or all others are about one other brand, since agencies write one brief for several. Looked at
  are posts of the same kind, from 28 days before the post to 14 days after it: notes and reviews have words of their own.
  Words that everybody uses are used under every brand; words of a trade are many, and each is used by few, even where
  one brand is all there is of the trade.
*/
WITH starts AS (
  SELECT post_kind, post_id, event_date, author, brand_id, words, unnest(generate_series(1, length(words) - 3)) AS start
  FROM features.post_words
  WHERE event_date BETWEEN $from_date - 28 AND $to_date + 14 AND length(words) >= 4
),
phrases AS (
  SELECT DISTINCT
    post_kind, post_id, event_date, author, brand_id, substring(words, start, 4) AS phrase,
    date_diff('day', DATE '1970-01-01', event_date) AS day
  FROM starts
),
told AS (
  SELECT
    post_kind, post_id, event_date, brand_id, phrase,
    count(*) OVER (
      PARTITION BY phrase, post_kind, brand_id, author ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING
    ) AS of_author
  FROM phrases
),
said AS (
  SELECT post_kind, phrase, brand_id, event_date, day, count(*) AS posts
  FROM phrases
  GROUP BY post_kind, phrase, brand_id, event_date, day
),
around AS (
  SELECT
    post_kind, phrase, brand_id, event_date, day,
    sum(posts) OVER under_any_brand   AS anywhere,
    sum(posts) OVER under_brand       AS of_brand
  FROM said
  WINDOW
    under_any_brand AS (PARTITION BY phrase, post_kind ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING),
    under_brand AS (PARTITION BY phrase, post_kind, brand_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING)
),
posted AS (
  SELECT
    post_kind, brand_id, event_date, count(*) AS posts,
    date_diff('day', DATE '1970-01-01', event_date) AS day
  FROM features.post_words
  WHERE event_date BETWEEN $from_date - 28 AND $to_date + 14
  GROUP BY post_kind, brand_id, event_date
),
brands AS (
  SELECT
    post_kind, brand_id, event_date,
    sum(posts) OVER (PARTITION BY post_kind, brand_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING) AS posts
  FROM posted
),
repeated AS (
  SELECT a.post_kind, a.phrase, a.brand_id, a.event_date, a.day, a.anywhere, a.of_brand
  FROM around AS a
  JOIN brands AS b ON b.post_kind = a.post_kind AND b.brand_id = a.brand_id AND b.event_date = a.event_date
  WHERE a.event_date BETWEEN $from_date AND $to_date AND a.brand_id <> '(none)'
    AND a.of_brand >= 3 AND 25 * (a.of_brand + 1) >= b.posts
),
of_two_houses AS (
  SELECT r.post_kind, r.phrase, r.brand_id, r.event_date
  FROM repeated AS r
  JOIN said AS o
    ON o.post_kind = r.post_kind AND o.phrase = r.phrase AND o.brand_id <> r.brand_id
    AND o.day BETWEEN r.day - 28 AND r.day + 14
  WHERE 4 * r.of_brand >= r.anywhere
  GROUP BY r.post_kind, r.phrase, r.brand_id, r.event_date
  HAVING count(DISTINCT o.brand_id) = 1
),
of_the_house AS (
  SELECT r.post_kind, r.phrase, r.brand_id, r.event_date, r.of_brand
  FROM repeated AS r
  LEFT JOIN of_two_houses AS h
    ON h.post_kind = r.post_kind AND h.phrase = r.phrase AND h.brand_id = r.brand_id AND h.event_date = r.event_date
  WHERE 10 * r.of_brand >= 9 * r.anywhere OR h.phrase IS NOT NULL
),
counted AS (
  SELECT
    t.post_kind, t.post_id, t.event_date,
    count(*)                                                AS phrases,
    count(*) FILTER (WHERE h.of_brand - t.of_author >= 2)   AS house_phrases
  FROM told AS t
  LEFT JOIN of_the_house AS h
    ON h.post_kind = t.post_kind AND h.phrase = t.phrase AND h.brand_id = t.brand_id AND h.event_date = t.event_date
  WHERE t.event_date BETWEEN $from_date AND $to_date
  GROUP BY t.post_kind, t.post_id, t.event_date
)
SELECT
  w.post_kind,
  w.post_id,
  w.event_date,
  w.brand_id,
  length(w.words)                                                                   AS letters,
  coalesce(c.phrases, 0)                                                            AS phrases,
  coalesce(c.house_phrases, 0)                                                      AS house_phrases,
  coalesce(cast(c.house_phrases AS DOUBLE) / nullif(c.phrases, 0), 0)               AS house_share
FROM features.post_words AS w
LEFT JOIN counted AS c ON c.post_kind = w.post_kind AND c.post_id = w.post_id AND c.event_date = w.event_date
WHERE w.event_date BETWEEN $from_date AND $to_date
