/*
grain: one row per payment, step and day on which it was taken; told again that day, the first counts
partition: event_date
owner: shop
freshness: 26h
columns:
  payment_id: the payment, as source:id; the order's id if the source does not number payments
  step: requested, refused or confirmed
  event_date: reporting-local day of the step [day]
  occurred_at: when it happened [UTC]
  order_id: the order, as source:id
  amount_minor: what the provider is asked to charge or has charged, empty if refused [minor]
  currency: ISO 4217, empty if refused
  instrument: pseudonym of what it is paid with
  reason: why the provider refused, empty otherwise
expect:
  - unique: [payment_id, step, event_date]
  - not_null: [payment_id, step, event_date, occurred_at, order_id]
  - in_set: {column: step, values: [requested, refused, confirmed]}
  - no_rows: SELECT * FROM {batch} WHERE (step = 'refused') <> (amount_minor IS NULL)
*/
WITH steps AS (
  SELECT
    source,
    event_id,
    coalesce(data->>'$.payment_id', data->>'$.order_id')  AS payment,
    CASE
      WHEN type = 'payment.requested' THEN 'requested'
      WHEN type = 'payment.refused' THEN 'refused'
      ELSE 'confirmed'
    END                                                   AS step,
    local_date(occurred_at)                               AS event_date,
    occurred_at,
    data
  FROM bronze.events
  WHERE type IN ('payment.requested', 'payment.refused', 'order.paid')
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
attempts AS (
  SELECT
    source, payment, step, event_date, occurred_at, data,
    row_number() OVER (PARTITION BY source, payment, step, event_date ORDER BY occurred_at, event_id) AS attempt
  FROM steps
)
SELECT
  concat(source, ':', payment)                AS payment_id,
  step,
  event_date,
  occurred_at,
  concat(source, ':', data->>'$.order_id')    AS order_id,
  cast(data->>'$.amount_minor' AS BIGINT)     AS amount_minor,
  data->>'$.currency'                         AS currency,
  data->>'$.instrument'                       AS instrument,
  data->>'$.reason'                           AS reason
FROM attempts
WHERE attempt = 1
