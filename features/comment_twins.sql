/*
grain: one row per comment with a near-duplicate by another account, and day on which it was written
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: 30
made_by: features.twins:comment_twins
reads: [features.comment_texts]
says: [bands.py, components.py, minhash.py, near_duplicates.py, shingles.py]
columns:
  comment_id: the comment, as source:id
  event_date: reporting-local day on which it was written [day]
  twins: near-duplicate comments by other accounts, from 30 days before to this day's end [count]
  twin_accounts: accounts that wrote these [count]
  twin_notes: notes under which these stand [count]
  exact_twins: of these, the same letters and digits [count]
  nearest: similarity of the most similar one, from 0.4 to 1 [score]
  cluster_id: first comment of those that near-duplicates hold together, as this day's end sees it
  cluster_accounts: accounts that wrote these, the own included [count]
expect:
  - unique: [comment_id, event_date]
  - not_null: [comment_id, event_date, twins, twin_accounts, twin_notes, exact_twins, nearest, cluster_id]
  - between: {column: twins, min: 1}
  - between: {column: nearest, min: 0.4, max: 1}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE twin_accounts NOT BETWEEN 1 AND twins OR exact_twins > twins OR cluster_accounts <= twin_accounts
notes: >
  Compared are letters and digits by their shingles (Jaccard); comments of fewer than 8 are left out.
  Of a text with very many variants 32 before it count, and all in its cluster.
*/
