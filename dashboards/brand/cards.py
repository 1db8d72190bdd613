"""The few numbers at the top of a brand's page, ready to show."""

from dataclasses import dataclass, field

from dashboards.brand.funnel import People
from dashboards.brand.verdicts import Verdicts
from dashboards.definitions import definition, label
from dashboards.formats import (
    MISSING,
    Change,
    Language,
    change,
    exact,
    money,
    percent,
    points,
    ratio,
    short,
    short_money,
)
from dashboards.strings import speaker

MOST_CARDS = 6
BESIDE_A_SHOP = ("ad_clicks", "conversions", "ad_conversion_rate")

Trend = tuple[float, ...]


@dataclass(frozen=True)
class Card:
    """One number: ``key`` is its code, ``help`` what the hover holds."""

    key: str
    label: str
    value: str
    help: str
    change: Change | None = None
    trend: Trend = ()


@dataclass(frozen=True)
class ShopTotals:
    """A shop's period: people are distinct over the whole period, the rest are sums."""

    people: People | None = None
    orders: int | None = None
    product_views: int | None = None
    cart_adds: int | None = None
    gmv_minor: int | None = None
    currency: str | None = None
    trends: dict[str, Trend] = field(default_factory=dict)

    def reached(self, step: str) -> int | None:
        return None if self.people is None else self.people[step]

    @property
    def conversion_rate(self) -> float | None:
        return ratio(self.reached("reached_payment"), self.reached("reached_view"))


@dataclass(frozen=True)
class AdTotals:
    """A brand's ads over a period."""

    clicks: Verdicts
    conversions: Verdicts
    trends: dict[str, Trend] = field(default_factory=dict)

    def of(self, metric: str) -> Verdicts:
        return self.clicks if metric == "ad_clicks" else self.conversions

    @property
    def conversion_rate(self) -> float | None:
        return ratio(self.conversions.net, self.clicks.net)


def shop_cards(now: ShopTotals, before: ShopTotals | None, language: Language) -> list[Card]:
    """Cards of a shop, the most wanted first; ``before`` None withholds the comparison."""
    then = before or ShopTotals()
    gmv = short_money(now.gmv_minor, now.currency, language)
    same_currency = now.currency == then.currency
    gmv_before = then.gmv_minor if same_currency else None
    return [
        Card(
            "gmv",
            label("gmv", language),
            gmv,
            _help("gmv", money(now.gmv_minor, now.currency), language),
            change(now.gmv_minor, gmv_before, language),
            now.trends.get("gmv_minor", ()),
        ),
        _count("orders", now.orders, then.orders, now.trends.get("orders", ()), language),
        _rate(
            "conversion_rate",
            now.conversion_rate,
            then.conversion_rate,
            now.trends.get("conversion_rate", ()),
            language,
        ),
        _people(now, then, language),
        _count(
            "product_views",
            now.product_views,
            then.product_views,
            now.trends.get("product_views", ()),
            language,
        ),
        _count(
            "cart_adds", now.cart_adds, then.cart_adds, now.trends.get("cart_adds", ()), language
        ),
    ]


def ad_cards(now: AdTotals, before: AdTotals | None, language: Language) -> list[Card]:
    """Cards of a brand's ads: net first, with gross and pending in the hover."""
    say = speaker(language)
    clicks = label("ad_clicks", language)
    then = before.clicks if before else None
    return [
        _net("ad_clicks", now.clicks, then, now.trends.get("ad_clicks", ()), language),
        Card(
            "ad_clicks_gross",
            say("gross_of", metric=clicks),
            short(now.clicks.gross, language),
            f"{say('verdicts_help')}\n\n{say('exactly', value=exact(now.clicks.gross))}",
            change(now.clicks.gross, then.gross if then else None, language),
            now.trends.get("ad_clicks_gross", ()),
        ),
        _net(
            "conversions",
            now.conversions,
            before.conversions if before else None,
            now.trends.get("conversions", ()),
            language,
        ),
        _rate(
            "ad_conversion_rate",
            now.conversion_rate,
            before.conversion_rate if before else None,
            now.trends.get("ad_conversion_rate", ()),
            language,
        ),
        Card(
            "ad_clicks_removed_share",
            say("removed_share_of", metric=clicks),
            percent(now.clicks.removed_share),
            f"{say('verdicts_help')}\n\n{say('removed')} {exact(now.clicks.removed)}",
            points(now.clicks.removed_share, then.removed_share if then else None, language),
            now.trends.get("ad_clicks_removed_share", ()),
        ),
        Card(
            "ad_clicks_pending",
            say("pending_of", metric=clicks),
            short(now.clicks.pending, language),
            f"{say('verdicts_help')}\n\n{say('exactly', value=exact(now.clicks.pending))}",
            change(now.clicks.pending, then.pending if then else None, language),
            now.trends.get("ad_clicks_pending", ()),
        ),
    ]


def chosen(shop: list[Card], ads: list[Card]) -> list[Card]:
    """At most six: with a shop and ads, three of each."""
    if shop and ads:
        return shop[: MOST_CARDS // 2] + [card for card in ads if card.key in BESIDE_A_SHOP]
    return (shop or ads)[:MOST_CARDS]


def _count(
    name: str, now: int | None, before: int | None, trend: Trend, language: Language
) -> Card:
    return Card(
        name,
        label(name, language),
        short(now, language),
        _help(name, exact(now), language),
        change(now, before, language),
        trend,
    )


def _people(now: ShopTotals, then: ShopTotals, language: Language) -> Card:
    """Distinct people of the period: the funnel's first step."""
    say = speaker(language)
    count, before = now.reached("reached_view"), then.reached("reached_view")
    return Card(
        "people",
        say("people"),
        short(count, language),
        f"{say('people_help')}\n\n{say('exactly', value=exact(count))}",
        change(count, before, language),
        now.trends.get("visitors", ()),
    )


def _rate(
    name: str, now: float | None, before: float | None, trend: Trend, language: Language
) -> Card:
    return Card(
        name,
        label(name, language),
        percent(now),
        definition(name, language),
        points(now, before, language),
        trend,
    )


def _net(
    name: str, now: Verdicts, before: Verdicts | None, trend: Trend, language: Language
) -> Card:
    say = speaker(language)
    parts = say(
        "gross_line",
        gross=exact(now.gross),
        removed=exact(now.removed),
        pending=exact(now.pending),
    )
    return Card(
        name,
        say("net_of", metric=label(name, language)),
        short(now.net, language),
        f"{definition(name, language)}\n\n{say('exactly', value=exact(now.net))} {parts}",
        change(now.net, before.net if before else None, language),
        trend,
    )


def _help(name: str, value: str, language: Language) -> str:
    if value == MISSING:
        return definition(name, language)
    return f"{definition(name, language)}\n\n{speaker(language)('exactly', value=value)}"
