/*
grain: one row per review, with how much of its text is said under this brand only
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.reviews: 28, silver.product_states: all, silver.brand_states: all}
lookahead: {silver.reviews: 14}
columns:
  review_id: the review, as source:id
  event_date: reporting-local day on which it was posted [day]
  brand_id: the brand of the product, "(unknown)" if none
  letters: letters of the text without the names of brand and product [count]
  phrases: different runs of four letters in it [count]
  house_phrases: of these, phrases of the house [count]
  house_share: house_phrases over phrases, 0 for a text without any [share]
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, brand_id, letters, phrases, house_phrases, house_share]
  - between: {column: house_share, min: 0, max: 1}
notes: >
  What is left of a brief when everybody words it anew. A phrase is of the house if at least two reviews of the brand by
  other people hold it, and nine in ten of all reviews that do are of the brand, or all others are of one other brand, since
  agencies write one brief for several. Looked at are the 28 days before the review and the 14 days after it. Words that
  everybody uses are used under every brand.
*/
WITH product_versions AS (
  SELECT
    product_id, brand_id, name, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY product_id ORDER BY event_date) AS valid_until
  FROM silver.product_states
  WHERE event_date <= $to_date + 14
),
brand_versions AS (
  SELECT
    brand_id, name, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY brand_id ORDER BY event_date) AS valid_until
  FROM silver.brand_states
  WHERE event_date <= $to_date + 14
),
texts AS (
  SELECT
    r.review_id, r.event_date, r.actor_id, coalesce(p.brand_id, '(unknown)') AS brand_id, r.text,
    coalesce(b.name, '')                                  AS brand_name,
    replace(coalesce(p.name, ''), coalesce(b.name, ''), '')   AS product_name
  FROM silver.reviews AS r
  LEFT JOIN product_versions AS p
    ON p.product_id = r.product_id
    AND r.event_date >= p.valid_from AND (p.valid_until IS NULL OR r.event_date < p.valid_until)
  LEFT JOIN brand_versions AS b
    ON b.brand_id = p.brand_id
    AND r.event_date >= b.valid_from AND (b.valid_until IS NULL OR r.event_date < b.valid_until)
  WHERE r.event_date BETWEEN $from_date - 28 AND $to_date + 14
),
words AS (
  SELECT
    review_id, event_date, actor_id, brand_id,
    trim(replace(replace(lower(coalesce(text, '')), lower(product_name), ' '), lower(brand_name), ' ')) AS words
  FROM texts
),
starts AS (
  SELECT review_id, event_date, actor_id, brand_id, words, unnest(generate_series(1, length(words) - 3)) AS start
  FROM words
  WHERE length(words) >= 4
),
phrases AS (
  SELECT DISTINCT
    review_id, event_date, actor_id, brand_id, substring(words, start, 4) AS phrase,
    date_diff('day', DATE '1970-01-01', event_date) AS day
  FROM starts
),
told AS (
  SELECT
    review_id, event_date, brand_id, phrase, day,
    count(*) OVER (PARTITION BY phrase ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING)            AS anywhere,
    count(*) OVER (PARTITION BY phrase, brand_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING)  AS of_brand,
    count(*) OVER (
      PARTITION BY phrase, brand_id, actor_id ORDER BY day RANGE BETWEEN 28 PRECEDING AND 14 FOLLOWING
    )                                                                                                       AS of_person
  FROM phrases
),
candidates AS (
  SELECT DISTINCT phrase, brand_id, day
  FROM told
  WHERE event_date BETWEEN $from_date AND $to_date
    AND of_brand - of_person >= 2 AND 10 * of_brand < 9 * anywhere AND 4 * of_brand >= anywhere
),
of_two_houses AS (
  SELECT c.phrase, c.brand_id, c.day
  FROM candidates AS c
  JOIN (SELECT DISTINCT phrase, brand_id, day FROM phrases) AS o
    ON o.phrase = c.phrase AND o.brand_id <> c.brand_id AND o.day BETWEEN c.day - 28 AND c.day + 14
  GROUP BY c.phrase, c.brand_id, c.day
  HAVING count(DISTINCT o.brand_id) = 1
),
counted AS (
  SELECT
    t.review_id, t.event_date, count(*) AS phrases,
    count(*) FILTER (
      WHERE t.of_brand - t.of_person >= 2
        AND (10 * t.of_brand >= 9 * t.anywhere OR h.phrase IS NOT NULL)
    ) AS house_phrases
  FROM told AS t
  LEFT JOIN of_two_houses AS h ON h.phrase = t.phrase AND h.brand_id = t.brand_id AND h.day = t.day
  WHERE t.event_date BETWEEN $from_date AND $to_date
  GROUP BY t.review_id, t.event_date
)
SELECT
  w.review_id,
  w.event_date,
  w.brand_id,
  length(w.words)                                                                   AS letters,
  coalesce(c.phrases, 0)                                                            AS phrases,
  coalesce(c.house_phrases, 0)                                                      AS house_phrases,
  coalesce(cast(c.house_phrases AS DOUBLE) / nullif(c.phrases, 0), 0)               AS house_share
FROM words AS w
LEFT JOIN counted AS c ON c.review_id = w.review_id AND c.event_date = w.event_date
WHERE w.event_date BETWEEN $from_date AND $to_date
