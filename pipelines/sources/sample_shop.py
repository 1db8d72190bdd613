"""A small beauty shop: people, sessions, views, carts and purchases in the shape of ``rees46``."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.sources.sample_rhythm import DAY_SECONDS, falling, promotion, starts, utc

BRANDS: Final = {  # name: share of the sessions
    "山野护肤": 0.27,
    "花信集": 0.21,
    "白露研究所": 0.17,
    "青禾彩妆": 0.15,
    "云上植萃": 0.11,
    "松间物语": 0.09,
}
KINDS: Final = {  # category code: usual price
    "护肤.精华": 39.0,
    "护肤.面霜": 29.0,
    "彩妆.口红": 16.0,
    "护肤.防晒": 18.0,
    "护肤.面膜": 12.0,
    "彩妆.粉底": 24.0,
    "护肤.洁面": 9.5,
    "彩妆.眼影": 21.0,
    "香氛.香水": 46.0,
    "香氛.身体乳": 14.0,
}
PEOPLE: Final = 5_200
SESSIONS_A_DAY: Final = 235
VIEWS_A_SESSION: Final = 3.6
STRAY_VIEWS: Final = 0.2  # share of views outside the session's brand
CART_RATE: Final = 0.085  # of views, before a product's own appeal
PURCHASE_RATE: Final = 0.38  # of carts
PROMOTION_PRICE: Final = 0.85
PROMOTION_APPEAL: Final = 1.35
UNBRANDED_EVERY: Final = 20  # products: every shop's export has some without a brand


def shop_rows(seed: int, days: int, last_day: date) -> pl.DataFrame:
    """The export, one row a view, cart or purchase, in the order of time."""
    rng = np.random.default_rng([seed, 46])
    sessions = _sessions(rng, days, last_day)
    views = _views(rng, sessions).join(_products(rng), on="product", maintain_order="left")
    steps = _steps(rng, views, days).filter(pl.col("second") < days * DAY_SECONDS)
    return steps.sort("second", "session", "step", "product").select(
        event_time=utc("second", days=days, last_day=last_day).dt.strftime("%F %T UTC"),
        event_type="step",
        product_id=1001 + pl.col("product"),
        category_id=2001 + pl.col("kind"),
        category_code="category_code",
        brand="brand",
        price=(pl.col("cents") / 100).round(2),
        user_id=500_000_001 + pl.col("person"),
        user_session=pl.format("{}-{}", pl.lit(last_day.isoformat()), "session"),
    )


def _products(rng: np.random.Generator) -> pl.DataFrame:
    """Product: brand by brand, in each brand one of every kind."""
    product = np.arange(len(BRANDS) * len(KINDS))
    kind = product % len(KINDS)
    usual = np.array(list(KINDS.values()))[kind] * rng.lognormal(0, 0.28, len(product))
    brands = pl.Series(list(BRANDS)).gather(product // len(KINDS))
    unbranded = pl.Series(product % UNBRANDED_EVERY == UNBRANDED_EVERY - 1)
    return pl.DataFrame(
        {
            "product": product,
            "kind": kind,
            "category_code": pl.Series(list(KINDS)).gather(kind),
            "brand": pl.select(pl.when(~unbranded).then(brands)).to_series(),
            "usual_cents": np.round(usual * 2).astype(np.int64) * 50,
            "appeal": rng.lognormal(0, 0.35, len(product)),
        }
    )


def _sessions(rng: np.random.Generator, days: int, last_day: date) -> pl.DataFrame:
    """Sessions in the order of their start; some people come back often."""
    started = starts(rng, daily=SESSIONS_A_DAY, days=days, last_day=last_day)
    size = len(started)
    return pl.DataFrame(
        {
            "session": np.arange(size),
            "started": started,
            "person": rng.choice(PEOPLE, size=size, p=falling(PEOPLE, by=0.35)),
            "brand_place": rng.choice(len(BRANDS), size=size, p=list(BRANDS.values())),
            "views": rng.geometric(1 / VIEWS_A_SESSION, size=size),
        }
    )


def _views(rng: np.random.Generator, sessions: pl.DataFrame) -> pl.DataFrame:
    """Product views, and the ``second`` at which each page was opened."""
    views = sessions[np.repeat(np.arange(sessions.height), sessions["views"])]
    size = views.height
    strays = rng.random(size) < STRAY_VIEWS
    brand_place = np.where(strays, rng.integers(0, len(BRANDS), size), views["brand_place"])
    kind = rng.choice(len(KINDS), size=size, p=falling(len(KINDS), by=0.6))
    return views.with_columns(
        waited=rng.integers(6, 150, size), product=brand_place * len(KINDS) + kind
    ).with_columns(second=pl.col("started") + pl.col("waited").cum_sum().over("session"))


def _steps(rng: np.random.Generator, views: pl.DataFrame, days: int) -> pl.DataFrame:
    """Views, the carts that follow some of them, and the purchases that follow some carts."""
    on_promotion = np.append(promotion(days) > 0.5, False)[views["started"] // DAY_SECONDS]
    appeal = views["appeal"].to_numpy() * np.where(on_promotion, PROMOTION_APPEAL, 1.0)
    price = views["usual_cents"].to_numpy() * np.where(on_promotion, PROMOTION_PRICE, 1.0)
    carted = rng.random(views.height) < CART_RATE * appeal
    bought = carted & (rng.random(views.height) < PURCHASE_RATE * np.sqrt(appeal))
    view = views.with_columns(step=pl.lit("view"), cents=np.round(price).astype(np.int64))
    cart = view.with_columns(
        step=pl.lit("cart"), second=pl.col("second") + rng.integers(4, 60, views.height)
    )
    purchase = cart.with_columns(
        step=pl.lit("purchase"), second=pl.col("second") + rng.integers(40, 900, views.height)
    )
    return pl.concat([view, cart.filter(carted), purchase.filter(bought)])
