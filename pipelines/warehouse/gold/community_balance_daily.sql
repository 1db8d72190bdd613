/*
grain: one row per day
partition: event_date
owner: insight
freshness: 26h
lookback: {silver.identity_days: 7}
columns:
  event_date: reporting-local day; money counts on the day of the click or the order [day]
  impressions: note cards rendered [count]
  ad_impressions: ads rendered, beside the note cards [count]
  disclosed_impressions: cards of notes with brands whose creator says that they are advertising [count]
  undisclosed_impressions: cards of notes with brands whose creator does not say so [count]
  hides: notes hidden less those taken back [count]
  reports: notes reported [count]
  active_people: distinct people who did anything [count]
  active_people_1d_before: distinct people who did anything the day before [count]
  returned_after_1d: of these, people who did anything on the day [count]
  active_people_7d_before: distinct people who did anything seven days before [count]
  returned_after_7d: of these, people who did anything on the day [count]
  ad_charged_minor: what advertisers were charged for the day's clicks [minor]
  ad_credited_minor: of this, what they got back since [minor]
  gmv_minor: price of all products in paid orders; money is empty if it is in several currencies [minor]
  gmv_minor_givt: of this, effective general invalid traffic [minor]
  gmv_minor_sivt: of this, effective sophisticated invalid traffic [minor]
  gmv_minor_pending: of this, waiting for a decision; still within net [minor]
  currency: ISO 4217 of the day's money, empty on a day without any
expect:
  - unique: [event_date]
  - not_null: [event_date, impressions, ad_impressions, active_people]
  - no_rows: >
      SELECT * FROM {batch}
      WHERE disclosed_impressions + undisclosed_impressions > impressions
         OR returned_after_1d > active_people_1d_before OR returned_after_7d > active_people_7d_before
         OR returned_after_1d > active_people OR returned_after_7d > active_people
         OR gmv_minor_givt + gmv_minor_sivt + gmv_minor_pending > gmv_minor
  - no_rows: SELECT * FROM {batch} WHERE ad_credited_minor > ad_charged_minor
    severity: warning
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(impressions), 0) AS notes, coalesce(sum(ad_impressions), 0) AS ads FROM {batch})
      WHERE notes <> (SELECT coalesce(sum(impressions), 0) FROM gold.note_daily WHERE event_date BETWEEN $from_date AND $to_date)
         OR ads <> (SELECT count(*) FROM silver.ad_impressions WHERE event_date BETWEEN $from_date AND $to_date)
*/
WITH person_days AS (
  SELECT DISTINCT event_date, actor_id
  FROM silver.identity_days
  WHERE event_date BETWEEN $from_date - 7 AND $to_date
),
presences AS (
  SELECT event_date, actor_id, 1 AS here, 0 AS day_before, 0 AS week_before FROM person_days
  UNION ALL
  SELECT event_date + 1, actor_id, 0, 1, 0 FROM person_days
  UNION ALL
  SELECT event_date + 7, actor_id, 0, 0, 1 FROM person_days
),
people AS (
  SELECT
    event_date, actor_id, max(here) AS here, max(day_before) AS day_before, max(week_before) AS week_before
  FROM presences
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date, actor_id
),
people_days AS (
  SELECT
    event_date,
    sum(here)                   AS active_people,
    sum(day_before)             AS active_people_1d_before,
    sum(here * day_before)      AS returned_after_1d,
    sum(week_before)            AS active_people_7d_before,
    sum(here * week_before)     AS returned_after_7d
  FROM people
  GROUP BY event_date
),
note_days AS (
  SELECT
    event_date,
    sum(impressions)                                                                                      AS impressions,
    sum(CASE WHEN array_length(brand_ids) > 0 AND is_disclosed_ad THEN impressions ELSE 0 END)            AS disclosed,
    sum(CASE WHEN array_length(brand_ids) > 0 AND NOT is_disclosed_ad THEN impressions ELSE 0 END)        AS undisclosed,
    sum(hides)                                                                                            AS hides,
    sum(reports)                                                                                          AS reports
  FROM gold.note_daily
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date
),
ad_days AS (
  SELECT event_date, count(*) AS ad_impressions
  FROM silver.ad_impressions
  WHERE event_date BETWEEN $from_date AND $to_date
  GROUP BY event_date
),
money AS (
  SELECT event_date, currency, amount_minor AS charged, 0 AS credited, 0 AS gmv, 'valid' AS standing
  FROM silver.ad_charges
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, currency, 0, amount_minor, 0, 'valid'
  FROM silver.ad_credits
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT
    l.event_date, l.currency, 0, 0, l.amount_minor,
    CASE
      WHEN j.state = 'effective' THEN j.kind
      WHEN v.state = 'effective' THEN v.kind
      WHEN j.state = 'pending' OR v.state = 'pending' THEN 'pending'
      ELSE 'valid'
    END
  FROM silver.order_lines AS l
  JOIN silver.orders AS o ON o.order_id = l.order_id AND o.event_date = l.event_date
  LEFT JOIN risk.order_verdicts AS j ON j.order_id = l.order_id AND j.event_date = l.event_date
  LEFT JOIN risk.user_verdicts AS v ON v.actor_id = o.actor_id AND v.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date AND $to_date AND o.paid_at IS NOT NULL
),
money_days AS (
  SELECT
    event_date,
    min(currency)                                                       AS currency,
    count(DISTINCT currency)                                            AS currencies,
    sum(charged)                                                        AS charged,
    sum(credited)                                                       AS credited,
    sum(gmv)                                                            AS gmv,
    sum(CASE WHEN standing = 'givt' THEN gmv ELSE 0 END)                AS gmv_givt,
    sum(CASE WHEN standing = 'sivt' THEN gmv ELSE 0 END)                AS gmv_sivt,
    sum(CASE WHEN standing = 'pending' THEN gmv ELSE 0 END)             AS gmv_pending
  FROM money
  GROUP BY event_date
),
days AS (
  SELECT event_date FROM people_days
  UNION
  SELECT event_date FROM note_days
  UNION
  SELECT event_date FROM ad_days
  UNION
  SELECT event_date FROM money_days
)
SELECT
  d.event_date,
  coalesce(n.impressions, 0)                                                      AS impressions,
  coalesce(a.ad_impressions, 0)                                                   AS ad_impressions,
  coalesce(n.disclosed, 0)                                                        AS disclosed_impressions,
  coalesce(n.undisclosed, 0)                                                      AS undisclosed_impressions,
  coalesce(n.hides, 0)                                                            AS hides,
  coalesce(n.reports, 0)                                                          AS reports,
  coalesce(p.active_people, 0)                                                    AS active_people,
  coalesce(p.active_people_1d_before, 0)                                          AS active_people_1d_before,
  coalesce(p.returned_after_1d, 0)                                                AS returned_after_1d,
  coalesce(p.active_people_7d_before, 0)                                          AS active_people_7d_before,
  coalesce(p.returned_after_7d, 0)                                                AS returned_after_7d,
  CASE WHEN coalesce(m.currencies, 0) <= 1 THEN coalesce(m.charged, 0) END        AS ad_charged_minor,
  CASE WHEN coalesce(m.currencies, 0) <= 1 THEN coalesce(m.credited, 0) END       AS ad_credited_minor,
  CASE WHEN coalesce(m.currencies, 0) <= 1 THEN coalesce(m.gmv, 0) END            AS gmv_minor,
  CASE WHEN coalesce(m.currencies, 0) <= 1 THEN coalesce(m.gmv_givt, 0) END       AS gmv_minor_givt,
  CASE WHEN coalesce(m.currencies, 0) <= 1 THEN coalesce(m.gmv_sivt, 0) END       AS gmv_minor_sivt,
  CASE WHEN coalesce(m.currencies, 0) <= 1 THEN coalesce(m.gmv_pending, 0) END    AS gmv_minor_pending,
  CASE WHEN m.currencies = 1 THEN m.currency END                                  AS currency
FROM days AS d
LEFT JOIN people_days AS p ON p.event_date = d.event_date
LEFT JOIN note_days AS n ON n.event_date = d.event_date
LEFT JOIN ad_days AS a ON a.event_date = d.event_date
LEFT JOIN money_days AS m ON m.event_date = d.event_date
