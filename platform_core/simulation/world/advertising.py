"""What the brands advertise: campaigns of feed and search units over notes of their own."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from platform_core import ads
from platform_core.notes import Content, draft, publish
from platform_core.outbox import Origin
from platform_core.simulation.people.rhythm import ZONE
from platform_core.simulation.plan import NOTES_SCHEMA, Plan
from platform_core.simulation.words.texts import Texts
from platform_core.simulation.world.official import official_note
from platform_core.simulation.world.shops import Market
from platform_core.simulation.world.staff import WORKING_DAY, origin
from platform_core.work import Work

ADVERTISERS: Final = 9
NOTES_A_BRAND: Final = 3
WRITTEN_BEFORE: Final = 7
"""The notes are published within so many days before the run, in working hours."""
BUDGET_PER_USER_MINOR: Final = (0.5, 2.2)
"""What a campaign may spend a day for each user of the town: some run dry, some do not."""
LEAST_BUDGET_MINOR: Final = 1_500
FEED_BID_MINOR: Final = (90, 0.35)
SEARCH_BID_MINOR: Final = (140, 0.40)
"""Median and sigma of the logarithm; a click costs about 0.5 to 3 yuan."""
KEYWORDS: Final = (4, 9)
INTERESTS: Final = (2, 5)
RESERVE: Final = 1.1
"""Accounts are filled for so many times the budgets of all days."""

CAMPAIGNS_SCHEMA: Final = pl.Schema(
    {
        "campaign_id": pl.String(),
        "brand_id": pl.String(),
        "placement": pl.String(),  # feed or search
        "daily_budget_minor": pl.Int64(),
        "unit_id": pl.String(),
        "note_ids": pl.List(pl.String),  # of its creatives
        "keywords": pl.List(pl.String),
    }
)
"""One row per campaign; each has one unit."""

Row = dict[str, Any]


class Advertising(NamedTuple):
    """``campaigns`` of ``CAMPAIGNS_SCHEMA``, and the notes that they show (of NOTES)."""

    campaigns: pl.DataFrame
    notes: pl.DataFrame


class _Advertiser(NamedTuple):
    brand: Row
    products: pl.DataFrame
    by: Origin
    notes: list[Row]


def advertised(
    work: Work, plan: Plan, texts: Texts, market: Market, staff: pl.DataFrame
) -> Advertising:
    """Every brand's first notes, and the campaigns of those that advertise."""
    rng = plan.rng("advertising")
    brands = [
        _published(work, plan, texts, market, person, rng) for person in staff.iter_rows(named=True)
    ]
    share = market.brands["share"].to_numpy()
    order = np.argsort(-(np.log(share) + rng.gumbel(0.0, 0.3, share.size)))
    then = work.at(plan.starts_at - timedelta(hours=rng.uniform(4, 12)))
    campaigns = [
        campaign
        for row in sorted(order[:ADVERTISERS].tolist())
        for campaign in _campaigns(then, plan, texts, market, brands[row], rng)
    ]
    notes = pl.DataFrame(
        [note for brand in brands for note in brand.notes], NOTES_SCHEMA, strict=False
    )
    return Advertising(pl.DataFrame(campaigns, CAMPAIGNS_SCHEMA), notes.sort("published_at"))


def _published(
    work: Work, plan: Plan, texts: Texts, market: Market, person: Row, rng: np.random.Generator
) -> _Advertiser:
    """A brand with its first notes (rows of NOTES)."""
    brand = market.brands.row(person["person"], named=True)
    products = market.products.filter(pl.col("brand_id") == brand["brand_id"])
    advertiser = _Advertiser(brand, products, origin(person), [])
    for _ in range(NOTES_A_BRAND):
        day = plan.day_starts_at(-int(rng.integers(1, WRITTEN_BEFORE + 1)))
        then = work.at(day + timedelta(hours=rng.uniform(*WORKING_DAY)))
        said = official_note(texts, products, rng)
        latent = {name: said.pop(name) for name in ("appeal", "pull")}
        note_id = draft(then, person["user_id"], Content(**said), by=advertiser.by)
        publish(then, note_id, by=advertiser.by)
        topic = texts.topics.index(said["topics"][0])
        facts = {"note_id": note_id, "person": person["person"], "topic": topic, "cause": None}
        facts |= {"published_at": then.now, "product_ids": said["product_ids"]}
        advertiser.notes.append(facts | latent)
    return advertiser


def _campaigns(
    work: Work,
    plan: Plan,
    texts: Texts,
    market: Market,
    advertiser: _Advertiser,
    rng: np.random.Generator,
) -> list[Row]:
    """A campaign in the feed and one in search, in an account that is filled for the run."""
    budgets = [_budget(plan, rng) for _ in ("feed", "search")]
    account_id = ads.open_account(work, advertiser.brand["brand_id"], by=advertiser.by)
    filled = round(RESERVE * sum(budgets) * (plan.days + 1))
    ads.top_up(work, account_id, filled, by=advertiser.by)
    topics = _topics(texts, advertiser.products, rng)
    feed = _campaign(work, plan, account_id, "feed", budgets[0], topics, advertiser, rng)
    search = _campaign(work, plan, account_id, "search", budgets[1], [], advertiser, rng)
    for keyword in _keywords(market, advertiser, rng):
        bid = _bid(SEARCH_BID_MINOR, rng)
        ads.create_keyword(work, search["unit_id"], keyword, bid_minor=bid, by=advertiser.by)
        search["keywords"].append(keyword)
    return [feed, search]


def _campaign(
    work: Work,
    plan: Plan,
    account_id: str,
    placement: Any,
    budget: int,
    interests: list[str],
    advertiser: _Advertiser,
    rng: np.random.Generator,
) -> Row:
    name = f"{advertiser.brand['name']}·{'信息流' if placement == 'feed' else '搜索'}"
    by = advertiser.by
    campaign_id = ads.create_campaign(
        work,
        account_id,
        name=name,
        daily_budget_minor=budget,
        starts_on=plan.starts_at.astimezone(ZONE).date(),
        by=by,
    )
    bid = _bid(FEED_BID_MINOR if placement == "feed" else SEARCH_BID_MINOR, rng)
    facts: Row = {"name": name, "placement": placement, "bid_minor": bid, "interests": interests}
    unit_id = ads.create_unit(work, campaign_id, **facts, by=by)
    note_ids = [note["note_id"] for note in advertiser.notes]
    for note in advertiser.notes:
        product_id = note["product_ids"][0]
        ads.create_creative(work, unit_id, note["note_id"], product_id=product_id, by=by)
    ids = {"campaign_id": campaign_id, "brand_id": advertiser.brand["brand_id"]}
    what = {"placement": placement, "daily_budget_minor": budget, "unit_id": unit_id}
    return ids | what | {"note_ids": note_ids, "keywords": []}


def _keywords(market: Market, advertiser: _Advertiser, rng: np.random.Generator) -> list[str]:
    """Kinds that the brand sells, topics around them, its own name, and sometimes a rival's."""
    brand, products = advertiser.brand, advertiser.products
    kinds = products["kind"].unique(maintain_order=True).to_list()
    count = min(len(kinds), int(rng.integers(*KEYWORDS)))
    chosen = [kinds[row] for row in rng.permutation(len(kinds))[:count]]
    rivals = market.brands.filter(
        (pl.col("category") == brand["category"]) & (pl.col("brand_id") != brand["brand_id"])
    )["name"].to_list()
    return [brand["name"], *chosen, *(rivals if rng.random() < 0.4 else [])]


def _topics(texts: Texts, products: pl.DataFrame, rng: np.random.Generator) -> list[str]:
    count = products.explode("topics").group_by("topics", maintain_order=True).len()
    topics = count.sort("len", descending=True, maintain_order=True)["topics"].to_list()
    return [texts.topics[topic] for topic in topics[: int(rng.integers(*INTERESTS))]]


def _budget(plan: Plan, rng: np.random.Generator) -> int:
    return max(LEAST_BUDGET_MINOR, round(plan.users * rng.uniform(*BUDGET_PER_USER_MINOR)))


def _bid(usual: tuple[int, float], rng: np.random.Generator) -> int:
    median, sigma = usual
    return round(median * rng.lognormal(0.0, sigma))
