/*
grain: one row per person, note, kind of engagement (and comment) and day that changed what stands
partition: event_date
owner: community
freshness: 26h
columns:
  actor_id: who did it, if signed in
  note_id: the note
  kind: like, collect, comment, share, hide or report
  comment_id: the comment, as source:id; blank unless the kind is comment
  event_date: reporting-local day of the acts [day]
  occurred_at: the day's last such act [UTC]
  net: how much the day changed what stands; -1 takes an earlier day's act back [number]
expect:
  - not_null: [note_id, kind, comment_id, event_date, occurred_at, net]
  - in_set: {column: kind, values: [like, collect, comment, share, hide, report]}
  - no_rows: >
      SELECT actor_id, note_id, kind, comment_id, event_date FROM {batch} WHERE actor_id IS NOT NULL
      GROUP BY ALL HAVING count(*) > 1
  - no_rows: SELECT * FROM {batch} WHERE net = 0 OR net < -1 OR (net > 1 AND kind NOT IN ('share', 'report'))
notes: >
  Before the day's first act stood its opposite, so the day's change follows from its first and last act alone:
  the same twice is that act, and a pair that undoes itself is nothing. Shares and reports cannot be undone: each counts.
*/
WITH acts AS (
  SELECT
    actor_id,
    coalesce(actor_id, device_id, concat(source, ':', event_id)) AS person,
    data->>'$.note_id'                                  AS note_id,
    CASE
      WHEN type IN ('note.liked', 'note.unliked') THEN 'like'
      WHEN type IN ('note.collected', 'note.uncollected') THEN 'collect'
      WHEN type IN ('note.commented', 'note.uncommented') THEN 'comment'
      WHEN type IN ('note.hidden', 'note.unhidden') THEN 'hide'
      WHEN type = 'note.shared' THEN 'share'
      ELSE 'report'
    END                                                 AS kind,
    CASE WHEN type IN ('note.commented', 'note.uncommented') THEN concat(source, ':', data->>'$.comment_id') ELSE '' END AS comment_id,
    local_date(occurred_at)                             AS event_date,
    occurred_at,
    concat(source, ':', event_id)                       AS event_id,
    CASE WHEN type IN ('note.unliked', 'note.uncollected', 'note.uncommented', 'note.unhidden') THEN -1 ELSE 1 END AS sign
  FROM bronze.events
  WHERE type IN (
      'note.liked', 'note.unliked', 'note.collected', 'note.uncollected', 'note.commented', 'note.uncommented',
      'note.shared', 'note.hidden', 'note.unhidden', 'note.reported'
    )
    AND NOT is_duplicate
    AND local_date(occurred_at) BETWEEN $from_date AND $to_date
),
changes AS (
  SELECT
    max(actor_id)                               AS actor_id,
    note_id,
    kind,
    comment_id,
    event_date,
    max(occurred_at)                            AS occurred_at,
    count(*)                                    AS times,
    arg_min(sign, (occurred_at, event_id))      AS first_sign,
    arg_max(sign, (occurred_at, event_id))      AS last_sign
  FROM acts
  GROUP BY person, note_id, kind, comment_id, event_date
)
SELECT
  actor_id,
  note_id,
  kind,
  comment_id,
  event_date,
  occurred_at,
  CASE WHEN kind IN ('share', 'report') THEN times ELSE last_sign END AS net
FROM changes
WHERE first_sign = last_sign
