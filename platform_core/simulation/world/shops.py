"""The brands come onto the platform: they are verified, open a shop, list and stock their wares."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from platform_core import brands as onboarding
from platform_core import catalog
from platform_core.outbox import Origin
from platform_core.simulation.plan import Plan
from platform_core.simulation.words.vocabulary import vocabulary
from platform_core.simulation.world.goods import assortment, catalogue
from platform_core.simulation.world.staff import origin
from platform_core.work import Work

STEP_H: Final = (0.1, 2.0)
"""Hours between one step of a brand on its way onto the platform and the next."""
LISTING_S: Final = (40.0, 400.0)
VARIANT_STEP: Final = 0.06
"""Relative difference in price between one variant and the next."""
STOCK_PER_USER: Final = 0.012
LEAST_STOCK: Final = 12

Row = dict[str, Any]


class Market(NamedTuple):
    """Brands, products and SKUs with the ids that the platform gave; see ``world.World``."""

    brands: pl.DataFrame
    products: pl.DataFrame
    skus: pl.DataFrame


def opened(work: Work, plan: Plan, staff: pl.DataFrame, rng: np.random.Generator) -> Market:
    """All brands with open shops and stocked shelves, before the run begins."""
    brands: list[Row] = []
    products: list[Row] = []
    skus: list[Row] = []
    of_brand: dict[int, list[Row]] = {}
    for product in assortment(rng):
        of_brand.setdefault(product["brand"], []).append(product)
    known = vocabulary("brands")["brands"]
    for row, (brand, person) in enumerate(zip(known, staff.iter_rows(named=True), strict=True)):
        by, then = origin(person), work.at(person["joins_at"])
        then = _onboarded(then, row, brand, brands, by, rng)
        for product in of_brand[row]:
            then = _soon(then, LISTING_S, rng)
            ids = {name: brands[-1][name] for name in ("brand_id", "shop_id")}
            products.append(product | ids | {"product_id": _listed(then, product, ids, by)})
            skus += _variants(then, plan, products[-1], by, rng)
    return Market(pl.DataFrame(brands), catalogue(products), pl.DataFrame(skus))


def _onboarded(
    work: Work, row: int, brand: Row, brands: list[Row], by: Origin, rng: np.random.Generator
) -> Work:
    """The brand applies, is verified and certified and opens its shop; added to ``brands``."""
    category = brand["categories"][0]
    then = _later(work, rng)
    brand_id = onboarding.apply(then, name=brand["name"], category=category, by=by)
    for step in (onboarding.verify, onboarding.certify):
        then = _later(then, rng)
        step(then, brand_id, by=Origin())
    then = _later(then, rng)
    name, level = f"{brand['name']}旗舰店", brand["shop_level"]
    shop_id = onboarding.open_shop(then, brand_id, name=name, level=level, by=by)
    facts = {"brand": row, "brand_id": brand_id, "name": brand["name"], "category": category}
    brands.append(facts | {"shop_id": shop_id, "share": brand["share"]})
    return then


def _listed(work: Work, product: Row, ids: Row, by: Origin) -> str:
    facts = {name: product[name] for name in ("name", "category", "price_minor")}
    return catalog.list_product(work, ids["shop_id"], **facts, by=by)


def _variants(
    work: Work, plan: Plan, product: Row, by: Origin, rng: np.random.Generator
) -> list[Row]:
    """The product's SKUs: fashion costs the same in every size, larger packs cost more."""
    skus = []
    step = 0.0 if product["category"] in ("fashion", "makeup", "outdoor") else VARIANT_STEP
    for place, name in enumerate(product["variants"]):
        price = round(product["price_minor"] * (1 + step * place) / 100) * 100
        sku_id = catalog.add_sku(work, product["product_id"], name=name, price_minor=price, by=by)
        usual = plan.users * STOCK_PER_USER * product["appeal"]
        catalog.receive(work, sku_id, LEAST_STOCK + int(rng.poisson(usual)), by=by)
        skus.append({"sku_id": sku_id, "product_id": product["product_id"]})
        skus[-1] |= {"name": name, "price_minor": price}
    return skus


def _later(work: Work, rng: np.random.Generator) -> Work:
    return work.at(work.now + timedelta(hours=rng.uniform(*STEP_H)))


def _soon(work: Work, seconds: tuple[float, float], rng: np.random.Generator) -> Work:
    return work.at(work.now + timedelta(seconds=rng.uniform(*seconds)))
