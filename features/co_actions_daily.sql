/*
grain: one row per person, other person and day on which both did the same to the same thing, by way of acting
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  user_a: the person
  user_b: the other; each pair stands here both ways round
  event_date: reporting-local day [day]
  act: what they did, as in features.target_acts
  targets: distinct things and spans on which both acted [count]
  weight: the rarer a thing, the more it says; sum of 1 / ln(1 + people who did it) [score]
  evidence: these things, each with its span, sorted [list]
expect:
  - unique: [user_a, user_b, act, event_date]
  - not_null: [user_a, user_b, act, event_date, targets, weight]
  - no_rows: SELECT * FROM {batch} WHERE user_a = user_b
notes: >
  SynchroTrap (Cao et al., CCS 2014) compares users by the same act on the same object at about the same time. Things
  on which more than 60 people acted within the span make no pairs: on a viral note everybody meets everybody.
*/
SELECT
  a.user_id                                                                     AS user_a,
  b.user_id                                                                     AS user_b,
  a.event_date,
  a.act,
  count(*)                                                                      AS targets,
  sum(cast(1 AS DOUBLE) / nullif(ln(1 + a.actors), 0))                                                 AS weight,
  list_sort(list(concat(a.target_id, '@', cast(a.span AS VARCHAR))) FILTER (WHERE a.target_id IS NOT NULL))   AS evidence
FROM features.target_acts AS a
JOIN features.target_acts AS b
  ON b.act = a.act AND b.target_id = a.target_id AND b.event_date = a.event_date AND b.span = a.span
  AND b.user_id <> a.user_id
WHERE a.event_date BETWEEN $from_date AND $to_date
  AND b.event_date BETWEEN $from_date AND $to_date
  AND a.actors BETWEEN 2 AND 60
GROUP BY a.user_id, b.user_id, a.event_date, a.act
