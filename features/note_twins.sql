/*
grain: one row per note with a near-duplicate by another account, and day on which it was published or changed
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: 30
made_by: features.twins:note_twins
reads: [features.note_texts]
says: [bands.py, components.py, minhash.py, near_duplicates.py, shingles.py]
columns:
  note_id: the note
  event_date: reporting-local day of its words, as they stood at its end [day]
  twins: near-duplicate notes, title and body together, by other accounts, from 30 days before to this day's end [count]
  twin_accounts: accounts that wrote these [count]
  exact_twins: of these, the same letters and digits [count]
  nearest: similarity of the most similar one, from 0.4 to 1 [score]
  cluster_id: first note of those that near-duplicates hold together, as this day's end sees it
  cluster_accounts: accounts that wrote these, the own included [count]
expect:
  - unique: [note_id, event_date]
  - not_null: [note_id, event_date, twins, twin_accounts, exact_twins, nearest, cluster_id]
  - between: {column: twins, min: 1}
  - between: {column: nearest, min: 0.4, max: 1}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE twin_accounts NOT BETWEEN 1 AND twins OR exact_twins > twins OR cluster_accounts <= twin_accounts
notes: >
  Compared are letters and digits by their shingles (Jaccard); notes of fewer than 8 are left out.
  Of a text with very many variants 32 before it count, and all in its cluster.
*/
