/*
grain: one row per note and note that the same people care for; the most similar ones of each note
owner: insight
freshness: 26h
columns:
  note_id: the note
  neighbour_id: the similar note
  people: people who care for both [count]
  similarity: cosine over people, shrunk towards 0 where few have both in common; 1 is alike [score]
  place: 1 is the most similar; at most $neighbours_kept [number]
expect:
  - unique: [note_id, neighbour_id]
  - unique: [note_id, place]
  - not_null: [note_id, neighbour_id, people, similarity, place]
  - between: {column: similarity, min: 0, max: 1}
  - no_rows: SELECT * FROM {batch} WHERE note_id = neighbour_id
notes: >
  people / sqrt(readers of one * readers of the other) * people / (people + $neighbour_shrinkage). The root damps
  popular notes, the second factor pairs that met by chance. Histories are capped, so pairs grow with people, not with
  the square of what one of them (or a machine) reads.
*/
WITH note_readers AS (
  SELECT note_id, count(*) AS people
  FROM gold.reading_histories
  GROUP BY note_id
),
pairs AS (
  SELECT a.note_id, b.note_id AS neighbour_id, count(*) AS people
  FROM gold.reading_histories AS a
  JOIN gold.reading_histories AS b ON b.user_id = a.user_id AND b.note_id > a.note_id
  GROUP BY a.note_id, b.note_id
),
measured AS (
  SELECT
    p.note_id,
    p.neighbour_id,
    p.people,
    cast(p.people * p.people AS DOUBLE)
      / nullif(power(cast(a.people * b.people AS DOUBLE), 0.5) * (p.people + $neighbour_shrinkage), 0) AS similarity
  FROM pairs AS p
  JOIN note_readers AS a ON a.note_id = p.note_id
  JOIN note_readers AS b ON b.note_id = p.neighbour_id
),
both_ways AS (
  SELECT note_id, neighbour_id, people, similarity FROM measured
  UNION ALL
  SELECT neighbour_id, note_id, people, similarity FROM measured
)
SELECT
  note_id,
  neighbour_id,
  people,
  similarity,
  row_number() OVER (PARTITION BY note_id ORDER BY similarity DESC, neighbour_id) AS place
FROM both_ways
QUALIFY place <= $neighbours_kept
