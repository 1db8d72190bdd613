/*
grain: one row per creator, the latest state by event time
owner: community
freshness: 26h
columns:
  creator_id: the user who publishes notes
  changed_at: when this state began [UTC]
  tier: nano, micro, mid, macro or mega, by size
  followers: people who follow the creator, as the platform counts them [count]
expect:
  - unique: [creator_id]
  - not_null: [creator_id, changed_at, tier, followers]
*/
SELECT creator_id, changed_at, tier, followers
FROM silver.creator_states
QUALIFY row_number() OVER (PARTITION BY creator_id ORDER BY event_date DESC) = 1
