/*
grain: one row per entry of a ledger transaction and day on which it was posted; told again that day, the first counts
partition: event_date
owner: finance
freshness: 26h
columns:
  transaction_id: the transaction, as source:id
  entry_number: position within the transaction, from 1 [number]
  event_date: reporting-local day of the posting [day]
  occurred_at: when it was posted [UTC]
  kind: sale, commission, refund, ad_top_up, ad_charge or ad_credit
  reference_id: the payment, refund, charge or credit, as source:id
  account: kind:owner
  side: debit or credit
  amount_minor: what is posted, never negative [minor]
  currency: ISO 4217
expect:
  - unique: [transaction_id, event_date, entry_number]
  - not_null: [transaction_id, event_date, occurred_at, kind, reference_id, account, side, amount_minor, currency]
  - in_set: {column: side, values: [debit, credit]}
  - between: {column: amount_minor, min: 0}
  - no_rows: >
      SELECT 1 FROM {batch} GROUP BY transaction_id, event_date
      HAVING sum(CASE WHEN side = 'debit' THEN amount_minor ELSE -amount_minor END) <> 0
*/
WITH posted AS (
  SELECT
    concat(source, ':', data->>'$.transaction_id')  AS transaction_id,
    local_date(occurred_at)                         AS event_date,
    occurred_at,
    data->>'$.kind'                                 AS kind,
    concat(source, ':', data->>'$.reference_id')    AS reference_id,
    data->>'$.currency'                             AS currency,
    json_objects(data, '$.entries')                 AS entries,
    row_number() OVER (
      PARTITION BY source, data->>'$.transaction_id', local_date(occurred_at) ORDER BY occurred_at, event_id
    )                                               AS attempt
  FROM bronze.events
  WHERE type = 'ledger.posted'
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
positions AS (
  SELECT
    transaction_id, event_date, occurred_at, kind, reference_id, currency, entries,
    unnest(generate_series(1, array_length(entries))) AS entry_number
  FROM posted
  WHERE attempt = 1
),
items AS (
  SELECT
    transaction_id, event_date, occurred_at, kind, reference_id, currency, entry_number,
    entries[entry_number] AS item
  FROM positions
)
SELECT
  transaction_id,
  entry_number,
  event_date,
  occurred_at,
  kind,
  reference_id,
  item->>'$.account'                        AS account,
  item->>'$.side'                           AS side,
  cast(item->>'$.amount_minor' AS BIGINT)   AS amount_minor,
  currency
FROM items
