/*
grain: one row per ring of people who move in lockstep, kind of acts and day
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.user_states: all}
columns:
  ring_id: the member who signed up first
  kind: social, ads or trade; see features.lockstep_rings
  event_date: the day at whose end this stood [day]
  members: people of the ring [count]
  density: pairs in lockstep over all pairs [share]
  similarity: of each member's strongest pair, on average [share]
  targets: things and spans on which these pairs acted together, on average [score]
  new_share: members who signed up within four weeks; a sign of newness [share]
  largest_component: the most members who share devices, cards or parcels; a sign of identity [count]
  component_share: these over all members [share]
  has_second_sign: half of its members are new, or a third of them and at least two share what they use [flag]
expect:
  - unique: [ring_id, kind, event_date]
  - not_null: [ring_id, kind, event_date, members, density, similarity, has_second_sign]
  - between: {column: members, min: 2}
  - no_rows: SELECT * FROM {batch} WHERE largest_component > members
notes: >
  What a reviewer sees of a ring; its members stand in features.lockstep_rings. A ring alone is never a verdict: fans, too, come to the same notes on the same days.
  What any two did together, and when, stands in features.co_actions_daily.
*/
WITH states AS (
  SELECT user_id, event_date AS known_on, registered_on
  FROM silver.user_states
  WHERE event_date <= $to_date
  QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY event_date) = 1
),
members AS (
  SELECT
    r.ring_id, r.kind, r.event_date, r.user_id, r.members, r.density, r.similarity, r.targets,
    CASE WHEN date_diff('day', s.registered_on, r.event_date) < 28 THEN 1 ELSE 0 END AS is_new,
    c.component_id
  FROM features.lockstep_rings AS r
  LEFT JOIN states AS s ON s.user_id = r.user_id AND s.known_on <= r.event_date
  LEFT JOIN features.identity_components AS c
    ON c.user_id = r.user_id AND c.event_date = r.event_date AND c.event_date BETWEEN $from_date AND $to_date
  WHERE r.event_date BETWEEN $from_date AND $to_date
),
together AS (
  SELECT ring_id, kind, event_date, component_id, count(*) AS people
  FROM members
  WHERE component_id IS NOT NULL
  GROUP BY ring_id, kind, event_date, component_id
),
largest AS (
  SELECT ring_id, kind, event_date, max(people) AS people
  FROM together
  GROUP BY ring_id, kind, event_date
),
rings AS (
  SELECT
    ring_id, kind, event_date,
    max(members)                                                            AS members,
    max(density)                                                            AS density,
    avg(similarity)                                                         AS similarity,
    avg(targets)                                                            AS targets,
    avg(is_new)                                                             AS new_share
  FROM members
  GROUP BY ring_id, kind, event_date
)
SELECT
  r.ring_id,
  r.kind,
  r.event_date,
  r.members,
  r.density,
  r.similarity,
  r.targets,
  r.new_share,
  coalesce(l.people, 1)                                                     AS largest_component,
  cast(coalesce(l.people, 1) AS DOUBLE) / nullif(r.members, 0)              AS component_share,
  r.new_share >= 0.5 OR (coalesce(l.people, 1) >= 2 AND coalesce(l.people, 1) * 3 >= r.members)   AS has_second_sign
FROM rings AS r
LEFT JOIN largest AS l ON l.ring_id = r.ring_id AND l.kind = r.kind AND l.event_date = r.event_date
