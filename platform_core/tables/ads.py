"""What advertisers set up, what was clicked, and what it cost them."""

import sqlalchemy as sa

from platform_core.tables.brands import brands
from platform_core.tables.notes import notes
from platform_core.tables.schema import Instant, metadata

ad_accounts = sa.Table(
    "ad_accounts",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("brand_id", sa.ForeignKey(brands.c.brand_id), nullable=False, unique=True),
    sa.Column("balance_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.CheckConstraint("balance_minor >= 0", name="ck_ad_accounts_balance_minor"),
)

campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("campaign_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.ForeignKey(ad_accounts.c.account_id), nullable=False, index=True),
    sa.Column("brand_id", sa.ForeignKey(brands.c.brand_id), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("daily_budget_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date),
)

units = sa.Table(
    "units",
    metadata,
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("campaign_id", sa.ForeignKey(campaigns.c.campaign_id), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("placement", sa.Text, nullable=False),
    sa.Column("bid_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("interests", sa.JSON, nullable=False),
)

creatives = sa.Table(
    "creatives",
    metadata,
    sa.Column("creative_id", sa.Text, primary_key=True),
    sa.Column("unit_id", sa.ForeignKey(units.c.unit_id), nullable=False, index=True),
    sa.Column("note_id", sa.ForeignKey(notes.c.note_id), nullable=False),
    sa.Column("product_id", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
)

keywords = sa.Table(
    "keywords",
    metadata,
    sa.Column("keyword_id", sa.Text, primary_key=True),
    sa.Column("unit_id", sa.ForeignKey(units.c.unit_id), nullable=False),
    sa.Column("keyword", sa.Text, nullable=False),
    sa.Column("bid_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.UniqueConstraint("unit_id", "keyword"),
)

ad_clicks = sa.Table(
    "ad_clicks",
    metadata,
    sa.Column("click_id", sa.Text, primary_key=True),
    sa.Column("clicked_at", Instant, nullable=False),
    sa.Column("user_id", sa.Text),
    sa.Column("brand_id", sa.Text, nullable=False),
    sa.Column("campaign_id", sa.Text, nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("creative_id", sa.Text, nullable=False),
    sa.Column("keyword_id", sa.Text),
    sa.Column("placement", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Index("ix_ad_clicks_user_id_brand_id_clicked_at", "user_id", "brand_id", "clicked_at"),
)

ad_charges = sa.Table(
    "ad_charges",
    metadata,
    sa.Column("charge_id", sa.Text, primary_key=True),
    sa.Column("click_id", sa.ForeignKey(ad_clicks.c.click_id), nullable=False, unique=True),
    sa.Column("clicked_at", Instant, nullable=False),
    sa.Column("account_id", sa.ForeignKey(ad_accounts.c.account_id), nullable=False),
    sa.Column("campaign_id", sa.ForeignKey(campaigns.c.campaign_id), nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("brand_id", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("budget_day", sa.Date, nullable=False),
)

ad_credits = sa.Table(
    "ad_credits",
    metadata,
    sa.Column("credit_id", sa.Text, primary_key=True),
    sa.Column("charge_id", sa.ForeignKey(ad_charges.c.charge_id), nullable=False, unique=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text),
    sa.Column("credited_at", Instant, nullable=False),
)

campaign_days = sa.Table(
    "campaign_days",
    metadata,
    sa.Column("campaign_id", sa.ForeignKey(campaigns.c.campaign_id), primary_key=True),
    sa.Column("budget_day", sa.Date, primary_key=True),
    sa.Column("spent_minor", sa.BigInteger, nullable=False),
    sa.CheckConstraint("spent_minor >= 0", name="ck_campaign_days_spent_minor"),
)

ad_conversions = sa.Table(
    "ad_conversions",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("brand_id", sa.Text, primary_key=True),
    sa.Column("click_id", sa.ForeignKey(ad_clicks.c.click_id), nullable=False),
    sa.Column("converted_at", Instant, nullable=False),
)
