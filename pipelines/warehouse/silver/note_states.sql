/*
grain: one row per note and day on which its state changed, as it stood at that day's end
partition: event_date
owner: community
freshness: 26h
columns:
  note_id: the note
  event_date: reporting-local day of the change [day]
  changed_at: when the day's last state began [UTC]
  creator_id: who wrote it
  status: draft, held, published or removed
  was_published: it was published at some time of the day [flag]
  title: its title
  topics: topics that it names [list]
  product_ids: products that it shows, in its order [list]
  product_brand_ids: brand of each of these products, in the same order, "(unknown)" if none [list]
  mentions: brands that its text names with @ [list]
  brand_ids: distinct brands of its products and mentions, sorted [list]
  is_disclosed_ad: the creator says that it is advertising [flag]
  place: where it was written, if told
expect:
  - unique: [note_id, event_date]
  - not_null: [note_id, event_date, changed_at, creator_id, status, was_published, brand_ids, is_disclosed_ad]
  - in_set: {column: status, values: [draft, held, published, removed]}
notes: >
  A note is drafted and published in one moment; of states of one instant the last to land counts.
*/
WITH states AS (
  SELECT
    data->>'$.note_id'                                                    AS note_id,
    local_date(occurred_at)                                               AS event_date,
    occurred_at                                                           AS changed_at,
    segment,
    line,
    source,
    data->>'$.creator_id'                                                 AS creator_id,
    data->>'$.status'                                                     AS status,
    data->>'$.title'                                                      AS title,
    json_strings(data, '$.topics')                                        AS topics,
    json_objects(data, '$.products')                                      AS cards,
    json_strings(data, '$.mentions')                                      AS mentions,
    cast(data->>'$.is_disclosed_ad' AS BOOLEAN)                           AS is_disclosed_ad,
    data->>'$.place'                                                      AS place
  FROM bronze.events
  WHERE type = 'note.changed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
last_states AS (
  SELECT
    note_id, event_date, changed_at, creator_id, status, title, topics, mentions, is_disclosed_ad, place,
    list_transform(cards, lambda c: c->>'$.product_id')                           AS product_ids,
    list_transform(cards, lambda c: coalesce(c->>'$.brand_id', '(unknown)'))      AS product_brand_ids,
    max(CASE WHEN status = 'published' THEN 1 ELSE 0 END) OVER (PARTITION BY note_id, event_date) AS published
  FROM states
  QUALIFY row_number() OVER (
    PARTITION BY note_id, event_date
    ORDER BY changed_at DESC, segment DESC, line DESC, source DESC
  ) = 1
),
named_brands AS (
  SELECT note_id, event_date, unnest(product_brand_ids) AS brand_id FROM last_states
  UNION ALL
  SELECT note_id, event_date, unnest(mentions) FROM last_states
),
note_brands AS (
  SELECT
    note_id,
    event_date,
    list_sort(list(DISTINCT brand_id) FILTER (WHERE brand_id <> '(unknown)')) AS brand_ids
  FROM named_brands
  GROUP BY note_id, event_date
)
SELECT
  s.note_id,
  s.event_date,
  s.changed_at,
  s.creator_id,
  s.status,
  s.published = 1                                   AS was_published,
  s.title,
  s.topics,
  s.product_ids,
  s.product_brand_ids,
  s.mentions,
  coalesce(b.brand_ids, json_strings('[]', '$'))    AS brand_ids,
  s.is_disclosed_ad,
  s.place
FROM last_states AS s
LEFT JOIN note_brands AS b ON b.note_id = s.note_id AND b.event_date = s.event_date
