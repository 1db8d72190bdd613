"""The queries behind a brand's page. None names a brand: the reader holds one brand's rows."""

from typing import Final

SPANS: Final = """
SELECT min(event_date) AS first, max(event_date) AS last FROM {table}
"""

BRAND_NAME: Final = "SELECT name FROM silver.brands LIMIT 1"

SHOP_DAYS: Final = """
SELECT event_date, visitors, product_views, cart_adds, orders, buyers, gmv_minor, currency
FROM gold.brand_daily
WHERE event_date BETWEEN $first AND $last
ORDER BY event_date
"""

FUNNEL: Final = """
SELECT reached_view, reached_cart, reached_order, reached_payment
FROM gold.brand_funnel_daily
WHERE event_date = $last AND period_days = date_diff('day', $first, $last) + 1
"""

PRODUCTS: Final = """
WITH sold AS (
  SELECT
    product_id,
    CAST(sum(product_views) AS BIGINT) AS product_views,
    CAST(sum(cart_adds) AS BIGINT) AS cart_adds,
    CAST(sum(orders) AS BIGINT) AS orders,
    CAST(sum(units) AS BIGINT) AS units,
    CAST(sum(gmv_minor) AS BIGINT) AS gmv_minor
  FROM gold.product_funnel_daily
  WHERE event_date BETWEEN $first AND $last
  GROUP BY product_id
)
SELECT product_id, name, product_views, cart_adds, orders, units, gmv_minor
FROM sold LEFT JOIN silver.products USING (product_id)
ORDER BY gmv_minor DESC NULLS LAST, product_views DESC, product_id
"""

CAMPAIGN_DAYS: Final = """
SELECT
  event_date, campaign_id,
  ad_clicks, ad_clicks_givt, ad_clicks_sivt, ad_clicks_pending,
  conversions, conversions_givt, conversions_sivt, conversions_pending
FROM gold.campaign_daily
WHERE event_date BETWEEN $first AND $last
ORDER BY event_date, campaign_id
"""
