/*
grain: one row per brand, kind of exposure and day on which people were exposed to it
partition: event_date
owner: ads
freshness: 26h
lookback:
  features.brand_searches: $search_lift_days
  silver.note_states: all
  silver.user_states: all
lookahead:
  features.brand_searches: $search_lift_days
columns:
  brand_id: the brand
  exposure: seen (a card of its ads or notes was rendered, or one was opened) or read (one was opened)
  event_date: reporting-local day of the exposure [day]
  exposed: people who were exposed and have people like them who were not [count]
  unexposed: people like them, active on the day, who were not [count]
  exposed_searchers: of the exposed, who searched a term of the brand within the days after [count]
  matched_weight: share of all exposed people for whom there were people like them [share]
  rate_exposed: exposed_searchers over exposed [share]
  rate_unexposed: the same of the unexposed, weighted as the exposed are [share]
  prior_rate_exposed: share of the exposed who searched within as many days before [share]
  prior_rate_unexposed: the same of the unexposed, weighted as the exposed are [share]
  lift: difference of the rates less that of the prior rates; empty below $audience_floor exposed [share]
  lift_low: lower end of its 95 percent interval [share]
  lift_high: upper end of its 95 percent interval [share]
expect:
  - unique: [brand_id, exposure, event_date]
  - not_null: [brand_id, exposure, event_date, exposed, exposed_searchers]
  - in_set: {column: exposure, values: [seen, read]}
  - no_rows: SELECT * FROM {batch} WHERE exposed_searchers > exposed OR exposed > 0 AND unexposed = 0
  - no_rows: SELECT * FROM {batch} WHERE NOT lift BETWEEN lift_low AND lift_high
notes: >
  Alike are people of one tier of cities who are as active on the day (a tenth of all). Who likes a
  brand both meets it more often and searches it more often, whatever they meet: the prior rates
  take that out. They are no criterion of likeness, as people who only happened to search alike
  before would differ again afterwards. Searches of the day itself count for nobody, for a search
  also exposes. Final once $search_lift_days days have passed.
*/
WITH note_versions AS (
  SELECT
    note_id, brand_ids, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY note_id ORDER BY event_date) AS valid_until
  FROM silver.note_states
  WHERE event_date <= $to_date
),
note_brands AS (
  SELECT note_id, valid_from, valid_until, unnest(brand_ids) AS brand_id
  FROM note_versions
),
user_versions AS (
  SELECT
    user_id, city_tier, registered_on, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY user_id ORDER BY event_date) AS valid_until
  FROM silver.user_states
  WHERE event_date <= $to_date
),
seen_notes AS (
  SELECT event_date, actor_id, note_id, 0 AS is_read, count(*) AS cards
  FROM silver.note_impressions
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
  GROUP BY event_date, actor_id, note_id
  UNION ALL
  SELECT event_date, actor_id, note_id, 1, 0
  FROM silver.note_reads
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
  GROUP BY event_date, actor_id, note_id
),
seen_ads AS (
  SELECT event_date, actor_id, brand_id, 0 AS is_read, count(*) AS cards
  FROM silver.ad_impressions
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
  GROUP BY event_date, actor_id, brand_id
  UNION ALL
  SELECT event_date, actor_id, brand_id, 1, 0
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date AND actor_id IS NOT NULL
  GROUP BY event_date, actor_id, brand_id
),
exposures AS (
  SELECT s.event_date, s.actor_id, n.brand_id, max(s.is_read) AS is_read
  FROM seen_notes AS s
  JOIN note_brands AS n
    ON n.note_id = s.note_id
    AND s.event_date >= n.valid_from
    AND (n.valid_until IS NULL OR s.event_date < n.valid_until)
  GROUP BY s.event_date, s.actor_id, n.brand_id
  UNION ALL
  SELECT event_date, actor_id, brand_id, max(is_read)
  FROM seen_ads
  GROUP BY event_date, actor_id, brand_id
),
active_people AS (
  SELECT event_date, actor_id, sum(cards) AS cards
  FROM (
    SELECT event_date, actor_id, cards FROM seen_notes
    UNION ALL
    SELECT event_date, actor_id, cards FROM seen_ads
  ) AS cards_of_people
  GROUP BY event_date, actor_id
),
settled_people AS (
  SELECT a.event_date, a.actor_id, a.cards, coalesce(u.city_tier, 0) AS city_tier
  FROM active_people AS a
  LEFT JOIN user_versions AS u
    ON u.user_id = a.actor_id
    AND a.event_date >= u.valid_from
    AND (u.valid_until IS NULL OR a.event_date < u.valid_until)
  WHERE u.registered_on IS NULL OR u.registered_on <= a.event_date - $search_lift_days
),
people AS (
  SELECT
    event_date, actor_id, city_tier,
    ((rank() OVER (PARTITION BY event_date ORDER BY cards) - 1) * 10) // count(*) OVER (PARTITION BY event_date) AS activity
  FROM settled_people
),
strata AS (
  SELECT event_date, city_tier, activity, count(*) AS people
  FROM people
  GROUP BY event_date, city_tier, activity
),
person_exposures AS (
  SELECT e.event_date, e.brand_id, e.actor_id, max(e.is_read) AS is_read
  FROM exposures AS e
  GROUP BY e.event_date, e.brand_id, e.actor_id
),
searchers AS (
  SELECT
    p.event_date, p.actor_id, p.city_tier, p.activity, s.brand_id,
    max(CASE WHEN s.event_date > p.event_date THEN 1 ELSE 0 END)    AS searched,
    max(CASE WHEN s.event_date < p.event_date THEN 1 ELSE 0 END)    AS had_searched
  FROM people AS p
  JOIN features.brand_searches AS s
    ON s.actor_id = p.actor_id
    AND s.event_date BETWEEN p.event_date - $search_lift_days AND p.event_date + $search_lift_days
  WHERE s.event_date BETWEEN $from_date - $search_lift_days AND $to_date + $search_lift_days
    AND s.event_date <> p.event_date
  GROUP BY p.event_date, p.actor_id, p.city_tier, p.activity, s.brand_id
),
kinds AS (
  SELECT unnest(['seen', 'read']) AS exposure
),
exposed_strata AS (
  SELECT
    e.event_date, e.brand_id, k.exposure, p.city_tier, p.activity,
    count(*)                                                      AS people,
    count(*) FILTER (WHERE s.searched = 1)                        AS searched,
    count(*) FILTER (WHERE s.had_searched = 1)                    AS had_searched,
    count(*) FILTER (WHERE s.searched = 1 AND s.had_searched = 1) AS searched_twice
  FROM person_exposures AS e
  JOIN people AS p ON p.actor_id = e.actor_id AND p.event_date = e.event_date
  CROSS JOIN kinds AS k
  LEFT JOIN searchers AS s
    ON s.actor_id = e.actor_id AND s.event_date = e.event_date AND s.brand_id = e.brand_id
  WHERE k.exposure = 'seen' OR e.is_read = 1
  GROUP BY e.event_date, e.brand_id, k.exposure, p.city_tier, p.activity
),
searching_strata AS (
  SELECT
    event_date, brand_id, city_tier, activity,
    sum(searched)                   AS searched,
    sum(had_searched)               AS had_searched,
    sum(searched * had_searched)    AS searched_twice
  FROM searchers
  GROUP BY event_date, brand_id, city_tier, activity
),
compared AS (
  SELECT
    e.event_date, e.brand_id, e.exposure, e.people, e.searched, e.had_searched, e.searched_twice,
    t.people - e.people                                   AS others,
    coalesce(s.searched, 0) - e.searched                  AS others_searched,
    coalesce(s.had_searched, 0) - e.had_searched          AS others_had_searched,
    coalesce(s.searched_twice, 0) - e.searched_twice      AS others_searched_twice
  FROM exposed_strata AS e
  JOIN strata AS t ON t.event_date = e.event_date AND t.city_tier = e.city_tier AND t.activity = e.activity
  LEFT JOIN searching_strata AS s
    ON s.event_date = e.event_date AND s.brand_id = e.brand_id
    AND s.city_tier = e.city_tier AND s.activity = e.activity
),
sums AS (
  SELECT
    event_date, brand_id, exposure,
    sum(people)                                                             AS all_exposed,
    sum(CASE WHEN others > 0 THEN people ELSE 0 END)                        AS exposed,
    sum(others)                                                             AS unexposed,
    sum(CASE WHEN others > 0 THEN searched ELSE 0 END)                      AS searched,
    sum(CASE WHEN others > 0 THEN had_searched ELSE 0 END)                  AS had_searched,
    sum(CASE WHEN others > 0 THEN searched_twice ELSE 0 END)                AS searched_twice,
    sum(cast(people * others_searched AS DOUBLE) / nullif(others, 0))       AS expected_searched,
    sum(cast(people * others_had_searched AS DOUBLE) / nullif(others, 0))   AS expected_had_searched,
    sum(others_searched + others_had_searched - 2 * others_searched_twice)  AS others_changed,
    sum(others_searched - others_had_searched)                              AS others_change,
    sum(cast(people * people AS DOUBLE) / nullif(others, 0))                AS squared_weights
  FROM compared
  GROUP BY event_date, brand_id, exposure
),
rates AS (
  SELECT
    event_date, brand_id, exposure, all_exposed, exposed, unexposed, searched, squared_weights,
    cast(searched AS DOUBLE) / nullif(exposed, 0)                                               AS rate_exposed,
    cast(had_searched AS DOUBLE) / nullif(exposed, 0)                                           AS prior_rate_exposed,
    cast(expected_searched AS DOUBLE) / nullif(exposed, 0)                                      AS rate_unexposed,
    cast(expected_had_searched AS DOUBLE) / nullif(exposed, 0)                                  AS prior_rate_unexposed,
    cast(searched + had_searched - 2 * searched_twice + 1 AS DOUBLE) / nullif(exposed + 1, 0)
      - power(cast(searched - had_searched AS DOUBLE) / nullif(exposed, 0), 2)                  AS variance_exposed,
    cast(others_changed + 1 AS DOUBLE) / nullif(unexposed + 1, 0)
      - power(cast(others_change AS DOUBLE) / nullif(unexposed, 0), 2)                          AS variance_unexposed
  FROM sums
),
lifts AS (
  SELECT
    event_date, brand_id, exposure, all_exposed, exposed, unexposed, searched,
    rate_exposed, rate_unexposed, prior_rate_exposed, prior_rate_unexposed,
    CASE
      WHEN exposed >= $audience_floor
        THEN (rate_exposed - prior_rate_exposed) - (rate_unexposed - prior_rate_unexposed)
    END AS lift,
    1.96 * power(
      cast(variance_exposed AS DOUBLE) / nullif(exposed, 0)
        + cast(variance_unexposed * squared_weights AS DOUBLE) / nullif(power(exposed, 2), 0),
      0.5
    ) AS margin
  FROM rates
)
SELECT
  brand_id,
  exposure,
  event_date,
  exposed,
  unexposed,
  searched                                              AS exposed_searchers,
  cast(exposed AS DOUBLE) / nullif(all_exposed, 0)      AS matched_weight,
  round(rate_exposed, 9)                                AS rate_exposed,
  round(rate_unexposed, 9)                              AS rate_unexposed,
  round(prior_rate_exposed, 9)                          AS prior_rate_exposed,
  round(prior_rate_unexposed, 9)                        AS prior_rate_unexposed,
  round(lift, 9)                                        AS lift,
  round(lift - margin, 9)                               AS lift_low,
  round(lift + margin, 9)                               AS lift_high
FROM lifts
