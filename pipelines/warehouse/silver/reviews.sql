/*
grain: one row per review and day on which it was posted; told again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
columns:
  review_id: the review, as source:id
  event_date: reporting-local day on which it was posted [day]
  occurred_at: when it was posted [UTC]
  actor_id: who reviewed
  product_id: the product
  stars: from 1 to 5 [number]
  text: what the person wrote
  is_verified: the person bought and received it here [flag]
  order_id: the order it was bought with, as source:id
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, occurred_at, product_id, stars, is_verified]
  - between: {column: stars, min: 1, max: 5}
*/
WITH posted AS (
  SELECT
    concat(source, ':', data->>'$.review_id')       AS review_id,
    local_date(occurred_at)                         AS event_date,
    occurred_at,
    actor_id,
    data->>'$.product_id'                           AS product_id,
    cast(data->>'$.stars' AS BIGINT)                AS stars,
    data->>'$.text'                                 AS text,
    cast(data->>'$.is_verified' AS BOOLEAN)         AS is_verified,
    CASE WHEN data->>'$.order_id' IS NOT NULL THEN concat(source, ':', data->>'$.order_id') END AS order_id,
    row_number() OVER (
      PARTITION BY source, data->>'$.review_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                               AS attempt
  FROM bronze.events
  WHERE type = 'review.posted'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT review_id, event_date, occurred_at, actor_id, product_id, stars, text, is_verified, order_id
FROM posted
WHERE attempt = 1
