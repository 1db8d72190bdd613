"""The metric registry: what every number is called, how it is made and what it means."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Metric:
    """A number that people see.

    ``formula`` is over mart columns. An ``additive`` metric may be summed over days; people may
    not. A metric that ``has_verdicts`` is shown gross, net and pending.
    """

    name: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    formula: str
    unit: Literal["count", "minor", "share", "people"]
    has_verdicts: bool = False
    additive: bool = True


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "visitors",
            "商品访客",
            "Visitors",
            "打开过品牌商品页的去重人数。跨天不可相加。",
            "Distinct people who opened a product page of the brand. Never summed across days.",
            "gold.brand_daily.visitors",
            "people",
            additive=False,
        ),
        Metric(
            "product_views",
            "商品浏览量",
            "Product views",
            "品牌商品页被打开的次数。",
            "Times a product page of the brand was opened.",
            "sum(gold.brand_daily.product_views)",
            "count",
        ),
        Metric(
            "cart_adds",
            "加购次数",
            "Cart adds",
            "品牌商品被加入购物车的次数。",
            "Times a product of the brand was put into a cart.",
            "sum(gold.brand_daily.cart_adds)",
            "count",
        ),
        Metric(
            "orders",
            "支付订单",
            "Paid orders",
            "含有品牌商品的已支付订单，计入下单当天。",
            "Paid orders that hold a product of the brand, on the day they were placed.",
            "sum(gold.brand_daily.orders)",
            "count",
        ),
        Metric(
            "buyers",
            "支付人数",
            "Buyers",
            "为品牌商品付款的去重人数。跨天不可相加。",
            "Distinct people who paid for a product of the brand. Never summed across days.",
            "gold.brand_daily.buyers",
            "people",
            additive=False,
        ),
        Metric(
            "gmv",
            "成交额 GMV",
            "GMV",
            "已支付订单中品牌商品的金额，计入下单当天，未扣退款。",
            "Price of the brand's products in paid orders, on the day they were placed, before "
            "refunds.",
            "sum(gold.brand_daily.gmv_minor)",
            "minor",
        ),
        Metric(
            "conversion_rate",
            "转化率",
            "Conversion rate",
            "同一时段内，支付人数 ÷ 到达浏览这一步的人数。",
            "People who paid over people who reached a product page, within the same period.",
            "reached_payment / reached_view of gold.brand_funnel_daily",
            "share",
            additive=False,
        ),
        Metric(
            "ad_clicks",
            "广告点击",
            "Ad clicks",
            "广告被点击的次数。净值 = 总量 − 已判定的无效点击；待定仍计入净值。",
            "Clicks on ads. Net is gross less clicks that are decided to be invalid; pending ones "
            "are still within net.",
            "sum(ad_clicks) - sum(ad_clicks_givt) - sum(ad_clicks_sivt) of gold.campaign_daily",
            "count",
            has_verdicts=True,
        ),
        Metric(
            "conversions",
            "广告转化",
            "Conversions",
            "由广告点击带来的转化，计入点击当天；点击无效则其转化也无效。",
            "Conversions that belong to an ad click, on the click's day; an invalid click takes "
            "its conversions with it.",
            "sum(conversions) - sum(conversions_givt) - sum(conversions_sivt) "
            "of gold.campaign_daily",
            "count",
            has_verdicts=True,
        ),
        Metric(
            "ad_conversion_rate",
            "广告转化率",
            "Ad conversion rate",
            "净转化 ÷ 净点击。",
            "Net conversions over net clicks.",
            "net conversions / net ad_clicks",
            "share",
            additive=False,
        ),
    )
}
