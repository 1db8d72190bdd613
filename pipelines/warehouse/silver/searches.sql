/*
grain: one row per search
partition: event_date
owner: community
freshness: 26h
columns:
  search_id: the search, as source:id
  event_date: reporting-local day of the search [day]
  occurred_at: when it happened [UTC]
  actor_id: who searched, if signed in
  session_id: the source's own session
  request_id: what its results are shown under
  term: the words, trimmed and in lower case
  results: found notes and products [count]
expect:
  - unique: [search_id]
  - not_null: [search_id, event_date, occurred_at, request_id, term, results]
*/
SELECT
  concat(source, ':', event_id)         AS search_id,
  local_date(occurred_at)               AS event_date,
  occurred_at,
  actor_id,
  session_id,
  data->>'$.request_id'                 AS request_id,
  lower(trim(data->>'$.query'))         AS term,
  cast(data->>'$.results' AS BIGINT)    AS results
FROM bronze.events
WHERE type = 'search.queried'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
