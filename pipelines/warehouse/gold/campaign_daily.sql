/*
grain: one row per campaign and day on which its ads were shown or clicked
partition: event_date
owner: ads
freshness: 26h
columns:
  campaign_id: the campaign
  brand_id: the advertiser
  event_date: reporting-local day of the impression or the click; conversions count on their click's day [day]
  impressions: ads rendered, one per person, creative and request [count]
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
  - unique: [campaign_id, brand_id, event_date]
  - not_null: [campaign_id, brand_id, event_date]
  - between: {column: ad_clicks, min: 0}
  - no_rows: >
      SELECT 1 FROM (SELECT coalesce(sum(ad_clicks), 0) AS clicks, coalesce(sum(conversions), 0) AS won FROM {batch})
      WHERE clicks <> (SELECT coalesce(sum(ad_clicks), 0) FROM gold.ad_daily WHERE level = 'account' AND event_date BETWEEN $from_date AND $to_date)
         OR won <> (SELECT coalesce(sum(conversions), 0) FROM gold.ad_daily WHERE level = 'account' AND event_date BETWEEN $from_date AND $to_date)
*/
SELECT
  entity_id AS campaign_id,
  brand_id,
  event_date,
  impressions, impressions_givt, impressions_sivt, impressions_pending,
  ad_clicks, ad_clicks_givt, ad_clicks_sivt, ad_clicks_pending,
  conversions, conversions_givt, conversions_sivt, conversions_pending,
  cost_minor, cost_minor_givt, cost_minor_sivt, cost_minor_pending,
  credits_minor, credits_minor_givt, credits_minor_sivt, credits_minor_pending,
  currency
FROM gold.ad_daily
WHERE level = 'campaign' AND event_date BETWEEN $from_date AND $to_date
