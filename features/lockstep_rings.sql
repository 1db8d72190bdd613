/*
grain: one row per person, kind of acts and day at whose end the person moved in lockstep with others
partition: event_date
owner: trust-and-safety
freshness: 26h
made_by: features.lockstep_rings:lockstep_rings
says: [companies.py, components.py]
reads: [features.co_actions_daily, features.target_acts, silver.user_states]
lookback: {features.co_actions_daily: 27, features.target_acts: 27, silver.user_states: all}
columns:
  user_id: the person
  kind: social for engagement and follows, ads for ad clicks, trade for reviews, orders and claimed coupons
  event_date: the day at whose end this stood [day]
  ring_id: the member who signed up first
  members: people of the ring [count]
  partners: of these, people with whom the person moved in lockstep [count]
  similarity: Jaccard's, of the things and spans on which the person and the most similar of them acted [share]
  targets: distinct things and spans on which the two acted together [count]
  weight: how rare these are; see features.co_actions_daily [score]
  density: pairs in lockstep over all pairs of the ring [share]
  acts: things and spans on which the person acted [count]
expect:
  - unique: [user_id, kind, event_date]
  - not_null: [user_id, kind, event_date, ring_id, members, partners, similarity, targets]
  - in_set: {column: kind, values: [social, ads, trade]}
  - between: {column: members, min: 2}
  - between: {column: similarity, min: 0, max: 1}
notes: >
  SynchroTrap (Cao et al., CCS 2014): two people are in lockstep if within four weeks they did the same to the same
  things on the same days often enough, in number and beside all that either did. Rings are connected components. What
  two did together, and when, stands in features.co_actions_daily. A ring alone accuses nobody: fans move so, too.
*/
