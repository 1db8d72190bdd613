/*
grain: one row per note, product or ad that was rendered in answer to a search, by person and day
partition: event_date
owner: community
freshness: 26h
lookback: {silver.searches: 1}  # the answer to a search before midnight is seen after it
lookahead: {silver.note_reads: 1, silver.product_card_events: 1, silver.ad_clicks: 1}
columns:
  request_id: the search's request
  event_date: reporting-local day on which it was rendered [day]
  occurred_at: when it was rendered first [UTC]
  actor_id: who saw it, if signed in
  term: what was searched, empty if the search is not known
  kind: note, product or ad
  item_id: the note, product or creative
  position: from the top, 1 is the first [number]
  is_clicked: it was opened out of this answer that day or the next [flag]
expect:
  - not_null: [request_id, event_date, occurred_at, kind, item_id, position, is_clicked]
  - in_set: {column: kind, values: [note, product, ad]}
  - no_rows: >
      SELECT request_id, actor_id, kind, item_id, event_date FROM {batch} WHERE actor_id IS NOT NULL
      GROUP BY ALL HAVING count(*) > 1
*/
WITH shown AS (
  SELECT request_id, event_date, occurred_at, actor_id, 'note' AS kind, note_id AS item_id, position
  FROM silver.note_impressions
  WHERE surface = 'search' AND event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT
    request_id, event_date, min(occurred_at), actor_id, 'product', product_id,
    arg_min(position, (occurred_at, event_id))
  FROM silver.product_card_events
  WHERE act = 'impression' AND surface = 'search' AND request_id IS NOT NULL
    AND event_date BETWEEN $from_date AND $to_date
  GROUP BY request_id, event_date, actor_id, product_id
  UNION ALL
  SELECT request_id, event_date, occurred_at, actor_id, 'ad', creative_id, position
  FROM silver.ad_impressions
  WHERE placement = 'search' AND event_date BETWEEN $from_date AND $to_date
),
opens AS (
  SELECT event_date, request_id, actor_id, 'note' AS kind, note_id AS item_id
  FROM silver.note_reads
  WHERE surface = 'search' AND event_date BETWEEN $from_date AND $to_date + 1
  UNION ALL
  SELECT event_date, request_id, actor_id, 'product', product_id
  FROM silver.product_card_events
  WHERE act = 'click' AND surface = 'search' AND event_date BETWEEN $from_date AND $to_date + 1
  UNION ALL
  SELECT event_date, request_id, actor_id, 'ad', creative_id
  FROM silver.ad_clicks
  WHERE placement = 'search' AND event_date BETWEEN $from_date AND $to_date + 1
),
opened AS (
  SELECT event_date AS shown_on, request_id, coalesce(actor_id, '') AS person, kind, item_id FROM opens
  UNION
  SELECT event_date - 1, request_id, coalesce(actor_id, ''), kind, item_id FROM opens
),
answered AS (
  SELECT event_date AS shown_on, request_id, term, occurred_at, search_id
  FROM silver.searches
  WHERE event_date BETWEEN $from_date - 1 AND $to_date
  UNION ALL
  SELECT event_date + 1, request_id, term, occurred_at, search_id
  FROM silver.searches
  WHERE event_date BETWEEN $from_date - 1 AND $to_date
),
answers AS (
  SELECT shown_on, request_id, arg_max(term, (occurred_at, search_id)) AS term
  FROM answered
  GROUP BY shown_on, request_id
)
SELECT
  s.request_id,
  s.event_date,
  s.occurred_at,
  s.actor_id,
  a.term,
  s.kind,
  s.item_id,
  s.position,
  o.request_id IS NOT NULL    AS is_clicked
FROM shown AS s
LEFT JOIN answers AS a ON a.request_id = s.request_id AND a.shown_on = s.event_date
LEFT JOIN opened AS o
  ON o.request_id = s.request_id AND o.person = coalesce(s.actor_id, '')
  AND o.kind = s.kind AND o.item_id = s.item_id AND o.shown_on = s.event_date
