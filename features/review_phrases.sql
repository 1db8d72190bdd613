/*
grain: one row per review that shares a phrase with other accounts' reviews of its product, and day on which it was posted
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: 30
made_by: features.phrases:review_phrases
reads: [silver.reviews]
says: [shingles.py]
columns:
  review_id: the review, as source:id
  event_date: reporting-local day on which it was posted [day]
  phrases: distinct phrases of its text [count]
  shared_phrases: of these, in other accounts' reviews of the product, from 30 days before to this day's end [count]
  phrase_accounts: other accounts that share the most shared one [count]
  concentration: of all accounts that wrote a shared phrase then, the part that wrote it of this product; the phrase with most [share]
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, phrases, shared_phrases, phrase_accounts, concentration]
  - between: {column: shared_phrases, min: 1}
  - between: {column: phrase_accounts, min: 1}
  - between: {column: concentration, min: 0, max: 1}
  - no_rows: SELECT * FROM {batch} WHERE shared_phrases > phrases
notes: >
  A phrase stands between punctuation marks, or between spaces in Chinese, and has at least four
  Chinese characters or twelve Latin letters.
*/
