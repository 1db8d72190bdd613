/*
grain: one row per account, campaign, ad unit, creative, keyword or placement of a brand and day on which its ads were shown or clicked
partition: event_date
owner: ads
freshness: 26h
restated: true
lookback: {silver.campaign_states: all}
columns:
  level: account, campaign, unit, creative, keyword or placement
  entity_id: which one; "(unknown)" where the source does not say
  campaign_id: its campaign, empty for accounts and placements
  brand_id: the advertiser
  event_date: reporting-local day of the impression or the click [day]
  impressions: ads rendered, one per person, creative and request; empty by keyword, which the app does not tell [count]
  impressions_givt: of these, effective general invalid traffic [count]
  impressions_sivt: of these, effective sophisticated invalid traffic [count]
  impressions_pending: of these, waiting for a decision; still within net [count]
  ad_clicks: clicks [count]
  ad_clicks_givt: of these, effective general invalid traffic [count]
  ad_clicks_sivt: of these, effective sophisticated invalid traffic [count]
  ad_clicks_pending: of these, waiting for a decision; still within net [count]
  conversions: conversions, on the day of their click [count]
  conversions_givt: of these, effective general invalid traffic [count]
  conversions_sivt: of these, effective sophisticated invalid traffic [count]
  conversions_pending: of these, waiting for a decision; still within net [count]
  cost_minor: what was charged for clicks, on the day of the click; empty if in several currencies [minor]
  cost_minor_givt: of these, effective general invalid traffic [minor]
  cost_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  cost_minor_pending: of these, waiting for a decision; still within net [minor]
  credits_minor: what was given back of it, on the day of the click; empty if in several currencies [minor]
  credits_minor_givt: of these, effective general invalid traffic [minor]
  credits_minor_sivt: of these, effective sophisticated invalid traffic [minor]
  credits_minor_pending: of these, waiting for a decision; still within net [minor]
  currency: ISO 4217 of what was charged, empty if nothing was or in several
expect:
  - unique: [level, entity_id, campaign_id, brand_id, event_date]
  - not_null: [level, entity_id, brand_id, event_date]
  - in_set: {column: level, values: [account, campaign, unit, creative, keyword, placement]}
  - between: {column: ad_clicks, min: 0}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE impressions_givt + impressions_sivt + impressions_pending > impressions
         OR ad_clicks_givt + ad_clicks_sivt + ad_clicks_pending > ad_clicks
         OR conversions_givt + conversions_sivt + conversions_pending > conversions
         OR cost_minor_givt + cost_minor_sivt + cost_minor_pending > cost_minor
         OR credits_minor_givt + credits_minor_sivt + credits_minor_pending > credits_minor
  - no_rows: >
      SELECT level FROM {batch} WHERE level <> 'keyword' GROUP BY level
      HAVING sum(impressions) <> (SELECT count(*) FROM silver.ad_impressions WHERE event_date BETWEEN $from_date AND $to_date)
        OR sum(ad_clicks) <> (SELECT count(*) FROM silver.ad_clicks WHERE event_date BETWEEN $from_date AND $to_date)
        OR sum(conversions) <> (SELECT count(*) FROM silver.ad_conversions WHERE event_date BETWEEN $from_date AND $to_date)
  - no_rows: >
      SELECT level FROM {batch} WHERE level <> 'keyword' GROUP BY level
      HAVING count(cost_minor) = count(*) AND (
        sum(cost_minor) <> (SELECT coalesce(sum(amount_minor), 0) FROM silver.ad_charges WHERE event_date BETWEEN $from_date AND $to_date)
        OR sum(credits_minor) <> (SELECT coalesce(sum(amount_minor), 0) FROM silver.ad_credits WHERE event_date BETWEEN $from_date AND $to_date)
      )
notes: >
  Every level but the keyword's holds all facts, so each sums to the same totals: never sum over
  levels. A click takes its conversions, charge and credit along when it turns out to be invalid;
  an impression goes with the verdict on its person's day.
*/
WITH campaign_versions AS (
  SELECT
    campaign_id, account_id, event_date AS valid_from,
    lead(event_date) OVER (PARTITION BY campaign_id ORDER BY event_date) AS valid_until
  FROM silver.campaign_states
  WHERE event_date <= $to_date
),
clicks AS (
  SELECT
    c.click_id, c.event_date, c.campaign_id, c.brand_id, c.unit_id, c.creative_id, c.keyword_id, c.placement,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing
  FROM silver.ad_clicks AS c
  LEFT JOIN risk.click_verdicts AS v
    ON v.click_id = c.click_id AND v.event_date = c.event_date AND v.event_date BETWEEN $from_date AND $to_date
  WHERE c.event_date BETWEEN $from_date AND $to_date
),
after_clicks AS (
  SELECT click_id, event_date, campaign_id, brand_id, NULL AS unit_id, 'conversion' AS act, 0 AS amount_minor, NULL AS currency
  FROM silver.ad_conversions
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT click_id, event_date, campaign_id, brand_id, unit_id, 'charge', amount_minor, currency
  FROM silver.ad_charges
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT click_id, event_date, campaign_id, brand_id, NULL, 'credit', amount_minor, currency
  FROM silver.ad_credits
  WHERE event_date BETWEEN $from_date AND $to_date
),
facts AS (
  SELECT
    i.event_date, i.campaign_id, i.brand_id, i.unit_id, i.creative_id, NULL AS keyword_id, i.placement,
    'impression' AS act, NULL AS currency, 0 AS amount_minor,
    CASE WHEN v.state = 'effective' THEN v.kind WHEN v.state = 'pending' THEN 'pending' ELSE 'valid' END AS standing
  FROM silver.ad_impressions AS i
  LEFT JOIN risk.user_verdicts AS v
    ON v.actor_id = i.actor_id AND v.event_date = i.event_date AND v.event_date BETWEEN $from_date AND $to_date
  WHERE i.event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, campaign_id, brand_id, unit_id, creative_id, keyword_id, placement, 'click', NULL, 0, standing
  FROM clicks
  UNION ALL
  SELECT
    a.event_date, a.campaign_id, a.brand_id, coalesce(c.unit_id, a.unit_id), c.creative_id, c.keyword_id, c.placement,
    a.act, a.currency, a.amount_minor, coalesce(c.standing, 'valid')
  FROM after_clicks AS a
  LEFT JOIN clicks AS c ON c.click_id = a.click_id AND c.event_date = a.event_date
),
counted AS (
  SELECT
    event_date, campaign_id, brand_id, unit_id, creative_id, keyword_id, placement, act, currency, standing,
    count(*) AS n, sum(amount_minor) AS amount_minor
  FROM facts
  GROUP BY event_date, campaign_id, brand_id, unit_id, creative_id, keyword_id, placement, act, currency, standing
),
levels AS (
  SELECT unnest(['account', 'campaign', 'unit', 'creative', 'keyword', 'placement']) AS level
),
by_level AS (
  SELECT
    l.level,
    CASE l.level
      WHEN 'account' THEN coalesce(v.account_id, '(unknown)')
      WHEN 'campaign' THEN f.campaign_id
      WHEN 'unit' THEN coalesce(f.unit_id, '(unknown)')
      WHEN 'creative' THEN coalesce(f.creative_id, '(unknown)')
      WHEN 'keyword' THEN f.keyword_id
      ELSE coalesce(f.placement, '(unknown)')
    END AS entity_id,
    CASE WHEN l.level NOT IN ('account', 'placement') THEN f.campaign_id END AS campaign_id,
    f.brand_id, f.event_date, f.act, f.currency, f.standing, f.n, f.amount_minor
  FROM counted AS f
  CROSS JOIN levels AS l
  LEFT JOIN campaign_versions AS v
    ON v.campaign_id = f.campaign_id
    AND f.event_date >= v.valid_from
    AND (v.valid_until IS NULL OR f.event_date < v.valid_until)
  WHERE l.level <> 'keyword' OR f.keyword_id IS NOT NULL
)
SELECT
  level,
  entity_id,
  campaign_id,
  brand_id,
  event_date,
  CASE WHEN level <> 'keyword' THEN coalesce(sum(n) FILTER (WHERE act = 'impression'), 0) END                                             AS impressions,
  CASE WHEN level <> 'keyword' THEN coalesce(sum(n) FILTER (WHERE act = 'impression' AND standing = 'givt'), 0) END                       AS impressions_givt,
  CASE WHEN level <> 'keyword' THEN coalesce(sum(n) FILTER (WHERE act = 'impression' AND standing = 'sivt'), 0) END                       AS impressions_sivt,
  CASE WHEN level <> 'keyword' THEN coalesce(sum(n) FILTER (WHERE act = 'impression' AND standing = 'pending'), 0) END                    AS impressions_pending,
  coalesce(sum(n) FILTER (WHERE act = 'click'), 0)                                                                                        AS ad_clicks,
  coalesce(sum(n) FILTER (WHERE act = 'click' AND standing = 'givt'), 0)                                                                  AS ad_clicks_givt,
  coalesce(sum(n) FILTER (WHERE act = 'click' AND standing = 'sivt'), 0)                                                                  AS ad_clicks_sivt,
  coalesce(sum(n) FILTER (WHERE act = 'click' AND standing = 'pending'), 0)                                                               AS ad_clicks_pending,
  coalesce(sum(n) FILTER (WHERE act = 'conversion'), 0)                                                                                   AS conversions,
  coalesce(sum(n) FILTER (WHERE act = 'conversion' AND standing = 'givt'), 0)                                                             AS conversions_givt,
  coalesce(sum(n) FILTER (WHERE act = 'conversion' AND standing = 'sivt'), 0)                                                             AS conversions_sivt,
  coalesce(sum(n) FILTER (WHERE act = 'conversion' AND standing = 'pending'), 0)                                                          AS conversions_pending,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'charge'), 0) END                           AS cost_minor,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'charge' AND standing = 'givt'), 0) END     AS cost_minor_givt,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'charge' AND standing = 'sivt'), 0) END     AS cost_minor_sivt,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'charge' AND standing = 'pending'), 0) END  AS cost_minor_pending,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'credit'), 0) END                           AS credits_minor,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'credit' AND standing = 'givt'), 0) END     AS credits_minor_givt,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'credit' AND standing = 'sivt'), 0) END     AS credits_minor_sivt,
  CASE WHEN count(DISTINCT currency) <= 1 THEN coalesce(sum(amount_minor) FILTER (WHERE act = 'credit' AND standing = 'pending'), 0) END  AS credits_minor_pending,
  CASE WHEN count(DISTINCT currency) = 1 THEN min(currency) END                                                                           AS currency
FROM by_level
GROUP BY level, entity_id, campaign_id, brand_id, event_date
