"""Three marts written the ordinary way with other engines, as Meadow's own files define them.

Each module has ``note_daily``, ``product_funnel_daily`` and ``last_touch``: functions of the folder
of inputs (``<table>/event_date=<day>/*.parquet``) and of the folder to write to, a folder a day.
"""

from typing import Final

LOOKBACK_DAYS: Final = 30
ROI_DAYS: Final = 15
ROI_DAYS_CONSIDERED: Final = 30
CONSIDERED: Final = ("home", "baby", "outdoor")

STANDINGS: Final = ("givt", "sivt", "pending")

ENGAGEMENTS: Final = {
    "like": "likes",
    "collect": "collects",
    "comment": "comments",
    "share": "shares",
    "hide": "hides",
    "report": "reports",
}
CARD_ACTS: Final = {"impression": "product_card_impressions", "click": "product_card_clicks"}

JUDGED_NOTE_METRICS: Final = (
    "impressions",
    "reads",
    "likes",
    "collects",
    "comments",
    "shares",
    "product_card_clicks",
)
OTHER_NOTE_METRICS: Final = ("hides", "reports", "product_card_impressions")

JUDGED_FUNNEL_METRICS: Final = ("product_views", "cart_adds", "orders", "gmv_minor")
SUMMED_FUNNEL_METRICS: Final = ("card_impressions", "card_clicks", "orders_placed", "units")

CREDIT: Final = ("credited_orders", "revenue_minor", "refunded_minor", "roi_revenue_minor")
CREDIT_KEYS: Final = (
    "brand_id",
    "event_date",
    "channel",
    "campaign_id",
    "note_id",
    "currency",
)
