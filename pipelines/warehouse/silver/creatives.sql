/*
grain: one row per creative, a note that is shown as an ad, with its latest state
owner: ads
freshness: 26h
columns:
  creative_id: the creative
  changed_at: when this state began [UTC]
  unit_id: its ad unit
  note_id: the note that is shown
  product_id: the product that it sells, empty if none is named
  status: active, paused or ended
expect:
  - unique: [creative_id]
  - not_null: [creative_id, changed_at, unit_id, note_id, status]
*/
SELECT
  creative_id,
  changed_at,
  unit_id,
  note_id,
  product_id,
  status
FROM silver.creative_states
QUALIFY row_number() OVER (PARTITION BY creative_id ORDER BY event_date DESC) = 1
