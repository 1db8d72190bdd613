/*
grain: one row per review and day on which it stopped being shown; told again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
columns:
  review_id: the review, as source:id
  event_date: reporting-local day of the removal [day]
  occurred_at: when it was removed [UTC]
  product_id: the product
  reason: why
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, occurred_at, product_id, reason]
*/
WITH removed AS (
  SELECT
    concat(source, ':', data->>'$.review_id')   AS review_id,
    local_date(occurred_at)                     AS event_date,
    occurred_at,
    data->>'$.product_id'                       AS product_id,
    data->>'$.reason'                           AS reason,
    row_number() OVER (
      PARTITION BY source, data->>'$.review_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                           AS attempt
  FROM bronze.events
  WHERE type = 'review.removed'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
)
SELECT review_id, event_date, occurred_at, product_id, reason
FROM removed
WHERE attempt = 1
