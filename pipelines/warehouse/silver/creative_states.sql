/*
grain: one row per creative, a note that is shown as an ad and day on which it changed, with its state at that day's end
partition: event_date
owner: ads
freshness: 26h
columns:
  creative_id: the creative
  event_date: reporting-local day of the change [day]
  changed_at: when this state began [UTC]
  unit_id: its ad unit
  note_id: the note that is shown
  product_id: the product that it sells, empty if none is named
  status: active, paused or ended
expect:
  - unique: [creative_id, event_date]
  - not_null: [creative_id, event_date, changed_at, unit_id, note_id, status]
*/
SELECT
  data->>'$.creative_id'   AS creative_id,
  local_date(occurred_at)  AS event_date,
  occurred_at              AS changed_at,
  data->>'$.unit_id'       AS unit_id,
  data->>'$.note_id'       AS note_id,
  data->>'$.product_id'    AS product_id,
  data->>'$.status'        AS status
FROM bronze.events
WHERE type = 'creative.changed'
  AND NOT is_duplicate
  AND local_date(occurred_at) BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (
  PARTITION BY data->>'$.creative_id', local_date(occurred_at) ORDER BY occurred_at DESC, segment DESC, line DESC, source DESC
) = 1
