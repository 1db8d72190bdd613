/*
grain: one row per person and day on which the person acted, with how the person engages, with whom, and from where
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback:
  features.note_acts_daily: 27
  features.target_acts: 27
  features.user_activity_daily: 27
  features.ad_days: 6
  silver.follows: 6
  silver.user_states: all
lookahead:
  features.note_acts_daily: 7
  features.user_activity_daily: 7
  silver.follows: 7
  features.identity_components: 7
  features.lockstep_rings: 7
columns:
  actor_id: the person
  event_date: reporting-local day [day]
  component_id: the accounts that share devices, cards or parcels with this one within the week after; empty if none do
  ring_id: the ring with whom the person engages and follows in lockstep within the week after; empty if none
  reads_1d: notes opened [count]
  engaged_notes_1d: notes with a like, collect, comment or share that stood at the day's end [count]
  engagements_1d: these engagements, one of a kind and note [count]
  comments_1d: notes commented on [count]
  follows_1d: creators followed [count]
  active_days_near: days with an act, from six days before until seven after; "near" is these fourteen days [count]
  reads_near: notes opened near [count]
  engaged_notes_near: notes engaged with near, by note and day [count]
  engaged_share_near: these notes over notes opened and two more [share]
  engagements_per_note_near: kinds of engagement per engaged note; empty without one [score]
  comment_share_near: of engaged notes, those commented on; empty without one [share]
  engaged_dwell_ms: how long engaged notes were open on average near; empty without one [milliseconds]
  hasty_share_near: of engaged notes, those that were open for less than 10 seconds in all; empty without one [share]
  fresh_share_near: of engaged notes, those published that day or the day before; empty without one [share]
  creators_near: creators of engaged notes [count]
  top_creator_notes_near: engaged notes of the creator with most of them [count]
  top_creator_share_near: these over engaged notes and two more [share]
  top_brand_notes_near: engaged notes of the brand with most of them [count]
  top_brand_share_near: these over engaged notes and two more [share]
  top_brand_notes_1d: of the day's engaged notes, those of this brand [count]
  top_brand_id: this brand; empty if no engaged note names one
  top_brand_share_before: the same brand's share of engaged notes in the three weeks before, and two more [share]
  mutual_creators: creators whose notes the person engaged with, and who engaged with the person's, from four weeks before until a week after [count]
  mutual_notes_1d: notes of these with which the person engaged that day [count]
  mutual_share: share of such notes in all that the person engaged with in that time, and two more [share]
  circle_creators: creators whose notes the person engaged with in that time, and who engaged with each other, in pairs, both ways [count]
  circle_notes_1d: notes of these with which the person engaged that day [count]
  circle_share: share of such notes in all that the person engaged with in that time, and two more [share]
  engaged_share_before: engaged notes over notes opened and two more in the three weeks before the near days [share]
  follows_near: creators followed near [count]
  follow_share_near: these over notes opened, product pages, searches and follows, and two more [share]
  followed_new_share: of those who followed the same creators that day, the most that signed up within two weeks, and two more [share]
  followed_by_1d: the most people who followed one of these creators that day [count]
  ad_clicks_7d: ads clicked that day and in the six before [count]
  acts_near: acts of any kind but follows and ad clicks near [count]
  night_share_near: share of these before 6 o'clock [share]
  orders_28d: orders paid in four weeks [count]
  account_age_days: days since sign-up, empty if not told [number]
  has_avatar: the profile has a picture, empty if not told [flag]
  has_bio: the profile has words, empty if not told [flag]
  devices_1d: devices used that day [count]
  device_users_1d: the most people seen that day on one of them [count]
  address_users_1d: the most people seen that day behind one of the person's addresses [count]
  new_devices_7d: devices first used that day or in the six before [count]
  new_addresses_7d: addresses first used that day or in the six before [count]
  datacentre_share: share of the day's acts that came from hosted machines [share]
  component_accounts: accounts of the component, 1 without one [count]
  component_devices_per_account: devices of its people over their number [score]
  component_shared_share: share of its people's acts on what others of it use, too [share]
  component_new_share: people of it who signed up within four weeks [share]
  component_span_days: from the first of its sign-ups to the last [number]
  component_common_targets: things on which at least half of its people acted [count]
  component_common_share: share of its people's acts on things that are on these [share]
  ring_members: people of the ring, 1 without one [count]
  ring_partners: of these, people in lockstep with the person [count]
  ring_similarity: Jaccard's similarity with the strongest of them [share]
  ring_targets: things and days on which the two acted together [count]
  ring_density: pairs in lockstep over all pairs of the ring [share]
expect:
  - unique: [actor_id, event_date]
  - not_null: [actor_id, event_date, reads_near, engaged_notes_near, follows_near, component_accounts, ring_members]
  - between: {column: engaged_share_near, min: 0}
  - between: {column: component_accounts, min: 1}
notes: >
  What detectors of farms, pods and turned accounts read. "Near" reaches a week ahead: a person is known better after a
  week, and verdicts are restated as it passes. Shares are shrunk towards none by two. A brand or creator is weighed by
  notes, one a day, since one note's like, collect and comment are one will.
*/
WITH days AS (
  SELECT user_id, event_date
  FROM features.user_activity_daily
  WHERE event_date BETWEEN $from_date AND $to_date
),
note_days AS (
  SELECT
    user_id, event_date,
    sum(reads)                                                                          AS reads,
    sum(CASE WHEN engagements > 0 THEN 1 ELSE 0 END)                                    AS engaged,
    sum(engagements)                                                                    AS engagements,
    sum(CASE WHEN comments > 0 THEN 1 ELSE 0 END)                                       AS commented,
    sum(CASE WHEN engagements > 0 THEN dwell_ms ELSE 0 END)                             AS engaged_dwell_ms,
    sum(CASE WHEN engagements > 0 AND dwell_ms < 10000 THEN 1 ELSE 0 END)               AS hasty,
    sum(CASE WHEN engagements > 0 AND note_age_days <= 1 THEN 1 ELSE 0 END)             AS fresh
  FROM features.note_acts_daily
  WHERE event_date BETWEEN $from_date - 27 AND $to_date + 7
  GROUP BY user_id, event_date
),
follow_days AS (
  SELECT actor_id AS user_id, event_date, count(*) AS follows
  FROM silver.follows
  WHERE event_date BETWEEN $from_date - 6 AND $to_date + 7 AND net > 0 AND actor_id IS NOT NULL
  GROUP BY actor_id, event_date
),
person_days AS (
  SELECT
    a.user_id, a.event_date, a.acts, a.acts_00_03 + a.acts_03_06 AS night_acts, a.orders,
    a.reads + a.product_views + a.searches      AS chosen_acts,
    coalesce(n.reads, 0)                        AS reads,
    coalesce(n.engaged, 0)                      AS engaged,
    coalesce(n.engagements, 0)                  AS engagements,
    coalesce(n.commented, 0)                    AS commented,
    coalesce(n.engaged_dwell_ms, 0)             AS engaged_dwell_ms,
    coalesce(n.hasty, 0)                        AS hasty,
    coalesce(n.fresh, 0)                        AS fresh,
    coalesce(f.follows, 0)                      AS follows
  FROM features.user_activity_daily AS a
  LEFT JOIN note_days AS n ON n.user_id = a.user_id AND n.event_date = a.event_date
  LEFT JOIN follow_days AS f ON f.user_id = a.user_id AND f.event_date = a.event_date
  WHERE a.event_date BETWEEN $from_date - 27 AND $to_date + 7
),
weeks AS (
  SELECT
    user_id, event_date, reads AS reads_1d, engaged AS engaged_1d, engagements AS engagements_1d, commented AS commented_1d, follows AS follows_1d,
    count(*) OVER near                  AS active_days,
    sum(reads) OVER near                AS reads,
    sum(engaged) OVER near              AS engaged,
    sum(engagements) OVER near          AS engagements,
    sum(commented) OVER near            AS commented,
    sum(engaged_dwell_ms) OVER near     AS engaged_dwell_ms,
    sum(hasty) OVER near                AS hasty,
    sum(fresh) OVER near                AS fresh,
    sum(follows) OVER near              AS follows,
    sum(chosen_acts) OVER near          AS chosen_acts,
    sum(acts) OVER near                 AS acts,
    sum(night_acts) OVER near           AS night_acts,
    sum(reads) OVER before              AS reads_before,
    sum(engaged) OVER before            AS engaged_before,
    sum(engaged) OVER far               AS engaged_far,
    sum(orders) OVER month              AS orders_28d
  FROM person_days
  WINDOW
    near AS (PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 6 PRECEDING AND 7 FOLLOWING),
    before AS (PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 27 PRECEDING AND 7 PRECEDING),
    far AS (PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 27 PRECEDING AND 7 FOLLOWING),
    month AS (PARTITION BY user_id ORDER BY date_diff('day', DATE '1970-01-01', event_date) RANGE BETWEEN 27 PRECEDING AND CURRENT ROW)
),
engaged_sides AS (
  SELECT user_id, event_date, 'creator' AS side, creator_id AS thing, count(*) AS notes
  FROM features.note_acts_daily
  WHERE event_date BETWEEN $from_date - 27 AND $to_date + 7 AND engagements > 0 AND creator_id IS NOT NULL
  GROUP BY user_id, event_date, creator_id
  UNION ALL
  SELECT user_id, event_date, 'brand', brand_id, count(*)
  FROM features.note_acts_daily
  WHERE event_date BETWEEN $from_date - 27 AND $to_date + 7 AND engagements > 0 AND brand_id IS NOT NULL
  GROUP BY user_id, event_date, brand_id
),
weeks_of_sides AS (
  SELECT
    d.user_id, d.event_date, s.side, s.thing,
    sum(CASE WHEN s.event_date = d.event_date THEN s.notes ELSE 0 END)        AS notes_1d,
    sum(CASE WHEN s.event_date >= d.event_date - 6 THEN s.notes ELSE 0 END)   AS notes,
    sum(CASE WHEN s.event_date < d.event_date - 6 THEN s.notes ELSE 0 END)    AS notes_before
  FROM days AS d
  JOIN engaged_sides AS s ON s.user_id = d.user_id AND s.event_date BETWEEN d.event_date - 27 AND d.event_date + 7
  GROUP BY d.user_id, d.event_date, s.side, s.thing
),
tops AS (
  SELECT
    user_id, event_date,
    sum(CASE WHEN side = 'creator' AND notes > 0 THEN 1 ELSE 0 END)           AS creators,
    max(CASE WHEN side = 'creator' THEN notes END)                            AS creator_notes,
    max(CASE WHEN side = 'brand' THEN notes END)                              AS brand_notes,
    arg_max(thing, (notes, thing)) FILTER (WHERE side = 'brand' AND notes > 0)          AS brand_id,
    arg_max(notes_1d, (notes, thing)) FILTER (WHERE side = 'brand' AND notes > 0)       AS brand_notes_1d,
    arg_max(notes_before, (notes, thing)) FILTER (WHERE side = 'brand' AND notes > 0)   AS brand_notes_before
  FROM weeks_of_sides
  GROUP BY user_id, event_date
),
backed AS (
  SELECT DISTINCT user_id AS creator_id, creator_id AS user_id, event_date
  FROM features.note_acts_daily
  WHERE event_date BETWEEN $from_date - 27 AND $to_date + 7 AND engagements > 0 AND user_id <> creator_id
),
mutual AS (
  SELECT
    d.user_id, d.event_date,
    count(*)            AS creators,
    sum(w.all_notes)    AS notes,
    sum(w.notes_1d)     AS notes_1d
  FROM days AS d
  JOIN (
    SELECT user_id, event_date, thing, notes + notes_before AS all_notes, notes_1d
    FROM weeks_of_sides
    WHERE side = 'creator' AND user_id <> thing
  ) AS w ON w.user_id = d.user_id AND w.event_date = d.event_date
  SEMI JOIN backed AS b
    ON b.user_id = w.user_id AND b.creator_id = w.thing AND b.event_date BETWEEN w.event_date - 27 AND w.event_date + 7
  GROUP BY d.user_id, d.event_date
),
returned AS (
  SELECT DISTINCT b.user_id, b.creator_id, b.event_date, c.event_date AS returned_on
  FROM backed AS b
  JOIN backed AS c ON c.user_id = b.creator_id AND c.creator_id = b.user_id
  WHERE c.event_date BETWEEN b.event_date - 34 AND b.event_date + 34
),
of_circles AS (
  SELECT w.user_id, w.event_date, w.thing, w.notes + w.notes_before AS all_notes, w.notes_1d
  FROM weeks_of_sides AS w
  SEMI JOIN returned AS r ON r.user_id = w.thing
  WHERE w.side = 'creator' AND w.user_id <> w.thing
),
circles AS (
  SELECT w.user_id, w.event_date, count(*) AS creators, sum(w.all_notes) AS notes, sum(w.notes_1d) AS notes_1d
  FROM of_circles AS w
  SEMI JOIN (
    SELECT a.user_id, a.event_date, a.thing
    FROM of_circles AS a
    JOIN of_circles AS b ON b.user_id = a.user_id AND b.event_date = a.event_date
    JOIN returned AS r
      ON r.user_id = a.thing
      AND r.creator_id = b.thing
      AND r.event_date BETWEEN a.event_date - 27 AND a.event_date + 7
      AND r.returned_on BETWEEN a.event_date - 27 AND a.event_date + 7
  ) AS c ON c.user_id = w.user_id AND c.event_date = w.event_date AND c.thing = w.thing
  GROUP BY w.user_id, w.event_date
),
states AS (
  SELECT
    user_id, registered_on, has_avatar, has_bio, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY user_id ORDER BY event_date) AS valid_until
  FROM silver.user_states
  WHERE event_date <= $to_date
),
signed_up AS (
  SELECT user_id, min(event_date) AS known_on, min(registered_on) AS registered_on
  FROM silver.user_states
  WHERE event_date <= $to_date
  GROUP BY user_id
),
crowds AS (
  SELECT
    f.creator_id, f.event_date,
    count(*)                                                                                    AS followers,
    sum(CASE WHEN date_diff('day', s.registered_on, f.event_date) < 14 THEN 1 ELSE 0 END)       AS new_followers
  FROM silver.follows AS f
  LEFT JOIN signed_up AS s ON s.user_id = f.actor_id AND s.known_on <= f.event_date
  WHERE f.event_date BETWEEN $from_date AND $to_date AND f.net > 0 AND f.actor_id IS NOT NULL
  GROUP BY f.creator_id, f.event_date
),
followed AS (
  SELECT
    f.actor_id AS user_id, f.event_date,
    max(c.followers)                                                          AS followers,
    max(cast(c.new_followers AS DOUBLE) / nullif(c.followers + 2, 0))         AS new_share
  FROM silver.follows AS f
  JOIN crowds AS c ON c.creator_id = f.creator_id AND c.event_date = f.event_date
  WHERE f.event_date BETWEEN $from_date AND $to_date AND f.net > 0
  GROUP BY f.actor_id, f.event_date
),
ad_weeks AS (
  SELECT d.user_id, d.event_date, sum(a.clicks) AS clicks
  FROM days AS d
  JOIN features.ad_days AS a ON a.thing = d.user_id AND a.event_date BETWEEN d.event_date - 6 AND d.event_date
  WHERE a.kind = 'user' AND a.event_date BETWEEN $from_date - 6 AND $to_date
  GROUP BY d.user_id, d.event_date
),
components AS (
  SELECT
    d.user_id, d.event_date, c.component_id, c.accounts, c.devices_per_account, c.component_shared_share, c.new_share,
    c.registration_span_days, c.common_targets, c.common_share,
    row_number() OVER (PARTITION BY d.user_id, d.event_date ORDER BY c.event_date DESC) AS recency
  FROM days AS d
  JOIN features.identity_components AS c ON c.user_id = d.user_id AND c.event_date BETWEEN d.event_date AND d.event_date + 7
  WHERE c.event_date BETWEEN $from_date AND $to_date + 7
),
rings AS (
  SELECT
    d.user_id, d.event_date, r.ring_id, r.members, r.partners, r.similarity, r.targets, r.density,
    row_number() OVER (PARTITION BY d.user_id, d.event_date ORDER BY r.event_date DESC) AS recency
  FROM days AS d
  JOIN features.lockstep_rings AS r ON r.user_id = d.user_id AND r.event_date BETWEEN d.event_date AND d.event_date + 7
  WHERE r.kind = 'social' AND r.event_date BETWEEN $from_date AND $to_date + 7
)
SELECT
  w.user_id                                                                   AS actor_id,
  w.event_date,
  k.component_id,
  r.ring_id,
  w.reads_1d,
  w.engaged_1d                                                                AS engaged_notes_1d,
  w.engagements_1d,
  w.commented_1d                                                              AS comments_1d,
  w.follows_1d,
  w.active_days                                                               AS active_days_near,
  w.reads                                                                     AS reads_near,
  w.engaged                                                                   AS engaged_notes_near,
  cast(w.engaged AS DOUBLE) / nullif(w.reads + 2, 0)                          AS engaged_share_near,
  cast(w.engagements AS DOUBLE) / nullif(w.engaged, 0)                        AS engagements_per_note_near,
  cast(w.commented AS DOUBLE) / nullif(w.engaged, 0)                          AS comment_share_near,
  w.engaged_dwell_ms // nullif(w.engaged, 0)                                  AS engaged_dwell_ms,
  cast(w.hasty AS DOUBLE) / nullif(w.engaged, 0)                              AS hasty_share_near,
  cast(w.fresh AS DOUBLE) / nullif(w.engaged, 0)                              AS fresh_share_near,
  coalesce(p.creators, 0)                                                     AS creators_near,
  coalesce(p.creator_notes, 0)                                                AS top_creator_notes_near,
  coalesce(cast(p.creator_notes AS DOUBLE), 0) / nullif(w.engaged + 2, 0)     AS top_creator_share_near,
  coalesce(p.brand_notes, 0)                                                  AS top_brand_notes_near,
  coalesce(cast(p.brand_notes AS DOUBLE), 0) / nullif(w.engaged + 2, 0)       AS top_brand_share_near,
  coalesce(p.brand_notes_1d, 0)                                               AS top_brand_notes_1d,
  p.brand_id                                                                  AS top_brand_id,
  coalesce(cast(p.brand_notes_before AS DOUBLE), 0) / nullif(coalesce(w.engaged_before, 0) + 2, 0)   AS top_brand_share_before,
  coalesce(m.creators, 0)                                                     AS mutual_creators,
  coalesce(m.notes_1d, 0)                                                     AS mutual_notes_1d,
  coalesce(cast(m.notes AS DOUBLE), 0) / nullif(w.engaged_far + 2, 0)         AS mutual_share,
  coalesce(o.creators, 0)                                                     AS circle_creators,
  coalesce(o.notes_1d, 0)                                                     AS circle_notes_1d,
  coalesce(cast(o.notes AS DOUBLE), 0) / nullif(w.engaged_far + 2, 0)         AS circle_share,
  coalesce(cast(w.engaged_before AS DOUBLE), 0) / nullif(coalesce(w.reads_before, 0) + 2, 0)         AS engaged_share_before,
  w.follows                                                                   AS follows_near,
  cast(w.follows AS DOUBLE) / nullif(w.chosen_acts + w.follows + 2, 0)        AS follow_share_near,
  f.new_share                                                                 AS followed_new_share,
  coalesce(f.followers, 0)                                                    AS followed_by_1d,
  coalesce(a.clicks, 0)                                                       AS ad_clicks_7d,
  w.acts                                                                      AS acts_near,
  cast(w.night_acts AS DOUBLE) / nullif(w.acts, 0)                            AS night_share_near,
  w.orders_28d,
  date_diff('day', t.registered_on, w.event_date)                             AS account_age_days,
  t.has_avatar,
  t.has_bio,
  i.devices_1d,
  i.device_users_1d,
  i.address_users_1d,
  i.new_devices_7d,
  i.new_addresses_7d,
  i.datacentre_share,
  coalesce(k.accounts, 1)                                                     AS component_accounts,
  k.devices_per_account                                                       AS component_devices_per_account,
  k.component_shared_share,
  k.new_share                                                                 AS component_new_share,
  k.registration_span_days                                                    AS component_span_days,
  k.common_targets                                                            AS component_common_targets,
  k.common_share                                                              AS component_common_share,
  coalesce(r.members, 1)                                                      AS ring_members,
  coalesce(r.partners, 0)                                                     AS ring_partners,
  r.similarity                                                                AS ring_similarity,
  r.targets                                                                   AS ring_targets,
  r.density                                                                   AS ring_density
FROM weeks AS w
LEFT JOIN tops AS p ON p.user_id = w.user_id AND p.event_date = w.event_date
LEFT JOIN mutual AS m ON m.user_id = w.user_id AND m.event_date = w.event_date
LEFT JOIN circles AS o ON o.user_id = w.user_id AND o.event_date = w.event_date
LEFT JOIN followed AS f ON f.user_id = w.user_id AND f.event_date = w.event_date
LEFT JOIN ad_weeks AS a ON a.user_id = w.user_id AND a.event_date = w.event_date
LEFT JOIN features.identity_conduct_daily AS i
  ON i.user_id = w.user_id AND i.event_date = w.event_date AND i.event_date BETWEEN $from_date AND $to_date
LEFT JOIN components AS k ON k.user_id = w.user_id AND k.event_date = w.event_date AND k.recency = 1
LEFT JOIN rings AS r ON r.user_id = w.user_id AND r.event_date = w.event_date AND r.recency = 1
LEFT JOIN states AS t
  ON t.user_id = w.user_id AND t.valid_from <= w.event_date AND (t.valid_until IS NULL OR w.event_date < t.valid_until)
WHERE w.event_date BETWEEN $from_date AND $to_date
