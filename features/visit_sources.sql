/*
grain: one row per opened note and per opened product page, with where the person came from
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.ad_clicks: 1, silver.note_reads: 1, silver.creative_states: all}
columns:
  event_id: the opening, as source:id
  event_date: reporting-local day of the opening [day]
  occurred_at: when it happened [UTC]
  actor_id: who opened it, if signed in
  kind: read or view
  note_id: the note; of a product page, the note that led there
  product_id: the product, empty for a note
  brand_id: the product's brand, empty for a note
  source: feed, search, brand_page, topic, follow, feed_ad, search_ad or other
expect:
  - unique: [event_id]
  - not_null: [event_id, event_date, occurred_at, kind, source]
  - in_set: {column: kind, values: [read, view]}
  - in_set: {column: source, values: [feed, search, brand_page, topic, follow, feed_ad, search_ad, other]}
notes: >
  A read came from an ad if the person clicked, in the same answer, the ad that shows the note. A product page that was
  opened out of a note came from where the person had last opened that note, that day or the day before.
*/
WITH creative_versions AS (
  SELECT
    creative_id, note_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY creative_id ORDER BY event_date) AS valid_until
  FROM silver.creative_states
  WHERE event_date <= $to_date
),
ad_opens AS (
  SELECT
    a.click_id AS event_id, a.event_date, a.occurred_at, a.actor_id, a.request_id, c.note_id,
    CASE WHEN a.placement = 'search' THEN 'search_ad' ELSE 'feed_ad' END AS source
  FROM silver.ad_clicks AS a
  JOIN creative_versions AS c
    ON c.creative_id = a.creative_id
    AND a.event_date >= c.valid_from AND (c.valid_until IS NULL OR a.event_date < c.valid_until)
  WHERE a.event_date BETWEEN $from_date - 1 AND $to_date AND a.actor_id IS NOT NULL
),
ad_answers AS (
  SELECT event_date, actor_id, request_id, note_id, min(source) AS source
  FROM ad_opens
  WHERE request_id IS NOT NULL
  GROUP BY event_date, actor_id, request_id, note_id
),
reads AS (
  SELECT
    r.read_id AS event_id, r.event_date, r.occurred_at, r.actor_id, r.note_id,
    CASE
      WHEN a.source IS NOT NULL THEN a.source
      WHEN r.surface IN ('feed', 'search', 'brand_page', 'topic', 'follow') THEN r.surface
      ELSE 'other'
    END AS source
  FROM silver.note_reads AS r
  LEFT JOIN ad_answers AS a
    ON a.actor_id = r.actor_id AND a.request_id = r.request_id AND a.note_id = r.note_id
    AND a.event_date = r.event_date
  WHERE r.event_date BETWEEN $from_date - 1 AND $to_date
),
openings AS (
  SELECT event_id, event_date, occurred_at, actor_id, note_id, source FROM reads
  UNION ALL
  SELECT event_id, event_date, occurred_at, actor_id, note_id, source FROM ad_opens
),
led_by_note AS (
  SELECT v.event_id, o.source
  FROM silver.product_views AS v
  JOIN openings AS o
    ON o.actor_id = v.actor_id AND o.note_id = v.note_id AND o.occurred_at <= v.occurred_at
    AND o.event_date BETWEEN v.event_date - 1 AND v.event_date
  WHERE v.event_date BETWEEN $from_date AND $to_date AND v.surface = 'note'
  QUALIFY row_number() OVER (PARTITION BY v.event_id ORDER BY o.occurred_at DESC, o.event_id DESC) = 1
)
SELECT event_id, event_date, occurred_at, actor_id, 'read' AS kind, note_id, NULL AS product_id, NULL AS brand_id, source
FROM reads
WHERE event_date BETWEEN $from_date AND $to_date
UNION ALL
SELECT
  v.event_id, v.event_date, v.occurred_at, v.actor_id, 'view', v.note_id, v.product_id, v.brand_id,
  CASE
    WHEN l.source IS NOT NULL THEN l.source
    WHEN v.surface IN ('feed', 'search', 'brand_page', 'topic', 'follow') THEN v.surface
    ELSE 'other'
  END
FROM silver.product_views AS v
LEFT JOIN led_by_note AS l ON l.event_id = v.event_id
WHERE v.event_date BETWEEN $from_date AND $to_date
