/*
grain: one row per person and note that is recommended to the person
owner: insight
freshness: 26h
columns:
  user_id: pseudonym of the person, as everywhere in the lake
  note_id: the note
  score: sum of its similarity to what the person cares for; comparable within a person only [score]
  rank: 1 is to be shown first; at most $recommendations_kept [number]
  reason: why; similar_to and the person's note that speaks for it most
expect:
  - unique: [user_id, note_id]
  - unique: [user_id, rank]
  - not_null: [user_id, note_id, score, rank, reason]
  - between: {column: rank, min: 1, max: $recommendations_kept}
notes: >
  Never a note that the person wrote, has opened or engaged with at any time, or that is not published any more.
  Published to the platform's feed after each release.
*/
WITH votes AS (
  SELECT
    h.user_id,
    n.neighbour_id                                    AS note_id,
    h.note_id                                         AS voter_id,
    cast(round(n.similarity * 1000000) AS BIGINT)     AS millionths
  FROM gold.reading_histories AS h
  JOIN gold.note_neighbours AS n ON n.note_id = h.note_id
),
met AS (
  SELECT DISTINCT user_id, note_id
  FROM features.note_affinity_daily
),
candidates AS (
  SELECT
    v.user_id,
    v.note_id,
    sum(v.millionths)                                 AS millionths,
    arg_max(v.voter_id, (v.millionths, v.voter_id))   AS voter_id
  FROM votes AS v
  JOIN silver.notes AS n ON n.note_id = v.note_id AND n.status = 'published' AND n.creator_id <> v.user_id
  LEFT JOIN met AS m ON m.user_id = v.user_id AND m.note_id = v.note_id
  WHERE m.note_id IS NULL
  GROUP BY v.user_id, v.note_id
)
SELECT
  user_id,
  note_id,
  cast(millionths AS DOUBLE) / 1000000                                                AS score,
  row_number() OVER (PARTITION BY user_id ORDER BY millionths DESC, note_id)          AS rank,
  concat('similar_to:', voter_id)                                                     AS reason
FROM candidates
QUALIFY rank <= $recommendations_kept
