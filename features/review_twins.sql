/*
grain: one row per review with a near-duplicate by another account, and day on which it was posted
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: 30
made_by: features.twins:review_twins
reads: [silver.reviews]
says: [bands.py, components.py, minhash.py, near_duplicates.py, shingles.py]
columns:
  review_id: the review, as source:id
  event_date: reporting-local day on which it was posted [day]
  twins: near-duplicate reviews by other accounts, from 30 days before to this day's end [count]
  twin_accounts: accounts that wrote these [count]
  twin_products: products that these are of [count]
  exact_twins: of these, the same letters and digits [count]
  nearest: similarity of the most similar one, from 0.4 to 1 [score]
  cluster_id: first review of those that near-duplicates hold together, as this day's end sees it
  cluster_accounts: accounts that wrote these, the review's own included [count]
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, twins, twin_accounts, twin_products, exact_twins, nearest, cluster_id]
  - between: {column: twins, min: 1}
  - between: {column: nearest, min: 0.4, max: 1}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE twin_accounts NOT BETWEEN 1 AND twins OR exact_twins > twins OR cluster_accounts <= twin_accounts
notes: >
  Compared are letters and digits by their shingles (Jaccard); reviews of fewer than 8 are left out.
  Of a text with very many variants 32 before it count, and all in its cluster.
*/
