"""The town before its first day: brands, wares, offers and ads, made through the services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.groups import scene
from platform_core.simulation.people.people import Townspeople
from platform_core.simulation.people.rhythm import Rhythm, rhythm_of
from platform_core.simulation.plan import Plan
from platform_core.simulation.words.texts import Texts, Ware
from platform_core.simulation.words.vocabulary import vocabulary
from platform_core.simulation.world.advertising import advertised
from platform_core.simulation.world.promotions import promised
from platform_core.simulation.world.shops import Market, opened
from platform_core.simulation.world.staff import hired, signed_up
from platform_core.work import Work


@dataclass(frozen=True)
class World:
    """What stands when the run begins, with what only the simulation knows of it.

    Rows of frames are referred to by number: ``brand`` is a row of ``brands``, ``topic`` one of
    ``topics``; the first persons are the ``staff``, one for each brand and in the same order.

    - ``brands``: brand, brand_id, name, category, shop_id, share (how known; 1 is common)
    - ``products``: product_id, brand, brand_id, shop_id, name, ware (the name without the brand),
      line, kind, category, topic, topics, price_minor, weight_grams, appeal (about 1), return_rate
      (a factor on the buyer's own), variants
    - ``skus``: sku_id, product_id, name, price_minor
    - ``offers``: rows of ``promotions.OFFERS_SCHEMA``
    - ``campaigns``: rows of ``advertising.CAMPAIGNS_SCHEMA``
    - ``notes``: rows of ``plan.NOTES_SCHEMA``: the brands' own, which the campaigns show
    """

    plan: Plan
    rhythm: Rhythm
    texts: Texts
    staff: Townspeople
    brands: pl.DataFrame
    products: pl.DataFrame
    skus: pl.DataFrame
    offers: pl.DataFrame
    campaigns: pl.DataFrame
    notes: pl.DataFrame

    @property
    def topics(self) -> tuple[str, ...]:
        """The names of the topics, which are also their ids."""
        return self.texts.topics

    @cached_property
    def brand_of_staff(self) -> Mapping[int, int]:
        """The brand for which a person publishes."""
        return {row: row for row in range(self.staff.frame.height)}

    def products_about(self, topic: int) -> tuple[list[str], npt.NDArray[np.float64]]:
        """The products that notes about a topic show, and how likely each is (sum 1)."""
        return self._about.get(topic, ([], np.empty(0)))

    def topics_of(self, product_id: str) -> tuple[int, ...]:
        """All topics of a product, the main one first."""
        return self._topics[product_id]

    @cached_property
    def wares(self) -> Mapping[str, scene.Ware]:
        """The products as groups know them."""
        rows = self.products.select("product_id", "ware", "topic").iter_rows()
        return {product_id: scene.Ware(name, topic) for product_id, name, topic in rows}

    def brands_at(self, at: datetime) -> tuple[scene.Brand, ...]:
        """The brands as groups know them, with the coupons that can be claimed at that moment."""
        claimable = (pl.col("kind") == "coupon") & pl.lit(at.astimezone(UTC)).is_between(
            pl.col("starts_at"), pl.col("ends_at"), closed="left"
        )
        coupons = _by_brand(self.offers.filter(claimable), "offer_id")
        keywords = _by_brand(self.campaigns.explode("keywords").drop_nulls("keywords"), "keywords")
        products, campaigns = self._of_brands
        return tuple(
            scene.Brand(
                **{name: brand[name] for name in ("brand_id", "name", "category", "share")},
                products=products.get(brand["brand_id"], ()),
                campaigns=campaigns.get(brand["brand_id"], ()),
                keywords=keywords.get(brand["brand_id"], ()),
                coupons=coupons.get(brand["brand_id"], ()),
            )
            for brand in self.brands.iter_rows(named=True)
        )

    @cached_property
    def _of_brands(self) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        return _by_brand(self.products, "product_id"), _by_brand(self.campaigns, "campaign_id")

    @cached_property
    def _about(self) -> dict[int, tuple[list[str], npt.NDArray[np.float64]]]:
        by_topic = self.products.explode("topics").group_by("topics", maintain_order=True)
        found = by_topic.agg("product_id", "appeal").iter_rows()
        return {topic: (ids, np.array(appeal) / sum(appeal)) for topic, ids, appeal in found}

    @cached_property
    def _topics(self) -> dict[str, tuple[int, ...]]:
        rows = self.products.select("product_id", "topics").iter_rows()
        return {product_id: tuple(topics) for product_id, topics in rows}


def build(work: Work, plan: Plan) -> World:
    """Found the town through the services' verbs, in the two weeks before the run."""
    topics = tuple(vocabulary("topics"))
    rhythm = rhythm_of(plan)
    staff = signed_up(work, hired(plan, plan.rng("staff")), topics)
    market = opened(work, plan, staff.frame, plan.rng("market"))
    texts = Texts(topics, _named(market))
    offers = promised(work, plan, rhythm, market, staff.frame)
    campaigns, notes = advertised(work, plan, texts, market, staff.frame)
    return World(plan, rhythm, texts, staff, *market, offers, campaigns, notes)


def _named(market: Market) -> dict[str, Ware]:
    """The products as people write of them."""
    names = dict(market.brands.select("brand_id", "name").iter_rows())
    return {
        row["product_id"]: Ware(
            product=row["name"],
            brand=names[row["brand_id"]],
            line=row["line"],
            kind=row["kind"],
            category=row["category"],
            price=row["price_minor"] // 100,
        )
        for row in market.products.iter_rows(named=True)
    }


def _by_brand(frame: pl.DataFrame, column: str) -> dict[str, tuple[str, ...]]:
    grouped = frame.group_by("brand_id", maintain_order=True).agg(column)
    return {brand_id: tuple(values) for brand_id, values in grouped.iter_rows()}
