/*
grain: one row per campaign and day on which its ads were clicked
partition: event_date
owner: ads
freshness: 26h
columns:
  campaign_id: the campaign
  brand_id: the advertiser
  event_date: reporting-local day of the click; conversions count on their click's day [day]
  ad_clicks: clicks, gross [count]
  ad_clicks_givt: of these, effective general invalid traffic [count]
  ad_clicks_sivt: of these, effective sophisticated invalid traffic [count]
  ad_clicks_pending: of these, waiting for a decision; still within net [count]
  conversions: conversions, gross [count]
  conversions_givt: of these, on clicks that are effective general invalid traffic [count]
  conversions_sivt: of these, on clicks that are effective sophisticated invalid traffic [count]
  conversions_pending: of these, on clicks that wait for a decision; still within net [count]
expect:
  - unique: [campaign_id, brand_id, event_date]
  - not_null: [campaign_id, brand_id, event_date]
  - between: {column: ad_clicks, min: 0}
  - no_rows: >
      SELECT * FROM {batch}
      WHERE ad_clicks_givt + ad_clicks_sivt + ad_clicks_pending > ad_clicks
         OR conversions_givt + conversions_sivt + conversions_pending > conversions
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(ad_clicks), 0) AS clicks, coalesce(sum(conversions), 0) AS won FROM {batch})
      WHERE clicks <> (SELECT count(*) FROM silver.ad_clicks WHERE event_date BETWEEN $from_date AND $to_date)
         OR won <> (SELECT count(*) FROM silver.ad_conversions WHERE event_date BETWEEN $from_date AND $to_date)
*/
WITH facts AS (
  SELECT event_date, campaign_id, brand_id, click_id, 1 AS clicks, 0 AS conversions
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION ALL
  SELECT event_date, campaign_id, brand_id, click_id, 0, 1
  FROM silver.ad_conversions
  WHERE event_date BETWEEN $from_date AND $to_date
),
judged AS (
  SELECT
    f.event_date, f.campaign_id, f.brand_id, f.clicks, f.conversions,
    CASE
      WHEN v.state = 'effective' THEN v.kind
      WHEN v.state = 'pending' THEN 'pending'
      ELSE 'valid'
    END AS standing
  FROM facts AS f
  LEFT JOIN risk.click_verdicts AS v ON v.click_id = f.click_id AND v.event_date = f.event_date
)
SELECT
  campaign_id,
  brand_id,
  event_date,
  sum(clicks)                                                       AS ad_clicks,
  sum(CASE WHEN standing = 'givt' THEN clicks ELSE 0 END)           AS ad_clicks_givt,
  sum(CASE WHEN standing = 'sivt' THEN clicks ELSE 0 END)           AS ad_clicks_sivt,
  sum(CASE WHEN standing = 'pending' THEN clicks ELSE 0 END)        AS ad_clicks_pending,
  sum(conversions)                                                  AS conversions,
  sum(CASE WHEN standing = 'givt' THEN conversions ELSE 0 END)      AS conversions_givt,
  sum(CASE WHEN standing = 'sivt' THEN conversions ELSE 0 END)      AS conversions_sivt,
  sum(CASE WHEN standing = 'pending' THEN conversions ELSE 0 END)   AS conversions_pending
FROM judged
GROUP BY campaign_id, brand_id, event_date
