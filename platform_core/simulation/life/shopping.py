"""What people do with the products that they meet while they look through pages."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from platform_core.simulation.acts.stamps import chance, lognormal
from platform_core.simulation.life.looking import Looked, attention
from platform_core.simulation.life.lore import NOWHERE, Floats, Lore, Rows
from platform_core.simulation.life.reactions import Reactions

TAP_S: Final = (1.4, 0.5)
VIEW_S: Final = (24.0, 0.9)
CART_S: Final = (3.0, 0.7)
ORDER_S: Final = (14.0, 0.7)
REMOVE_S: Final = (20.0, 0.8)
FIRST_SUB: Final = 30
"""After everything that is done with the note."""
SUBS_A_PRODUCT: Final = 6
AT_ONCE: Final = 0.45
"""Of purchases that a product page leads to, those that are made at once."""
CARTS: Final = 2.2
"""Products are put into a cart so much more often than they are ordered."""
PUT_BACK: Final = 0.12
"""Of products put into a cart and not ordered, those taken out of it again at once."""
BRAND_PAGE: Final = 0.06
"""Of product pages, those from which the brand's page is opened."""
THROUGH_CART: Final = 0.7
"""Of orders, those that go through the cart."""
LOOKS_FOR_COUPONS: Final = 0.8
COMMON_PRICE_MINOR: Final = 12_000
QUANTITIES: Final = (0.88, 0.09, 0.03)


@dataclass(frozen=True)
class Met:
    """Product cards that somebody met: in a note that was opened, or among search results."""

    row: Rows  # of the seen card
    product: Rows
    nth: Rows  # within the note, from 0
    in_note: np.ndarray

    def only(self, chosen: np.ndarray) -> "Met":
        return Met(*(column[chosen] for column in vars(self).values()))


def shop(
    reactions: Reactions, seen: Looked, read: Rows, lore: Lore, rng: np.random.Generator
) -> None:
    """Product pages are opened from cards in notes and in search results, and what follows.

    Args:
        read: the rows of the seen cards whose notes were opened.
    """
    met = _met(seen, read, lore)
    clicked = met.only(chance(rng, np.clip(_click_odds(met, seen, lore), 0, 0.9)))
    carted, ordered = _bought(clicked, seen, lore, rng)
    cart, order = clicked.only(carted), clicked.only(ordered)
    claim = order.only(_claims(order, seen, lore, rng))
    removed = carted & ~ordered & chance(rng, np.full(len(carted), PUT_BACK))
    followed_up = clicked.only(chance(rng, np.full(len(clicked.row), BRAND_PAGE)))
    products, brands, offers = lore.products.ids, lore.products.brand, lore.products.offers
    viewed_s = lognormal(rng, *VIEW_S, len(clicked.row))
    for place, (verb, chosen, items, pause) in enumerate(
        (
            ("view_product", clicked, products, TAP_S),
            ("view_brand_page", followed_up, brands, TAP_S),
            ("add_to_cart", cart, products, CART_S),
            ("remove_from_cart", clicked.only(removed), products, REMOVE_S),
            ("claim_coupon", claim, offers, CART_S),
            ("order", order, products, ORDER_S),
        )
    ):
        count = len(chosen.row)
        reactions.add(
            verb,
            chosen.row,
            FIRST_SUB + SUBS_A_PRODUCT * chosen.nth + place,
            items.gather(chosen.product),
            lognormal(rng, *pause, count),
            stay_s=viewed_s if verb == "view_product" else 0.0,
            value=quantities(rng, count) if verb == "order" else 0,
            nth=np.where(chosen.in_note, chosen.nth, NOWHERE),
        )


def quantities(rng: np.random.Generator, count: int) -> Rows:
    """How many of a product people buy at once."""
    return rng.choice(len(QUANTITIES), count, p=QUANTITIES) + 1


def _met(seen: Looked, read: Rows, lore: Lore) -> Met:
    shown = [
        (row, product, nth)
        for row, note in zip(read.tolist(), seen.note[read].tolist(), strict=True)
        for nth, product in enumerate(lore.notes.products[note])
    ]
    row, product, nth = np.array(shown, np.int64).reshape(-1, 3).T
    found = np.flatnonzero((seen.product >= 0) & seen.browsed)
    return Met(
        np.append(row, found),
        np.append(product, seen.product[found]),
        np.append(nth, np.zeros_like(found)),
        np.append(np.ones(len(row), bool), np.zeros(len(found), bool)),
    )


def _click_odds(met: Met, seen: Looked, lore: Lore) -> Floats:
    person = seen.person[met.row]
    position = np.where(met.in_note, met.nth + 1, seen.cards["position"].to_numpy()[met.row])
    return np.asarray(
        lore.traits["shop_rate"][person]
        * lore.traits.affinity(person, lore.products.topic[met.product])
        * lore.products.appeal[met.product]
        * attention(position, seen.cards["surface"].gather(met.row))
    )


def _bought(
    met: Met, seen: Looked, lore: Lore, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Which of the opened products are put into the cart, and which are ordered."""
    person = seen.person[met.row]
    odds = AT_ONCE * lore.traits["buy_rate"][person] * affordable(person, met.product, lore)
    ordered = chance(rng, np.clip(odds * lore.orders, 0, 0.8))
    carted = chance(
        rng, np.where(ordered, THROUGH_CART, np.clip(odds * CARTS * lore.carts, 0, 0.8))
    )
    return carted, ordered


def _claims(met: Met, seen: Looked, lore: Lore, rng: np.random.Generator) -> np.ndarray:
    """Which orders are preceded by taking the shop's coupon: who minds the price looks."""
    there_is_one = lore.products.offers[met.product].is_not_null().to_numpy()
    odds = LOOKS_FOR_COUPONS * lore.traits["price_sense"][seen.person[met.row]]
    return chance(rng, np.where(there_is_one, odds, 0.0))


def affordable(person: Rows, product: Rows, lore: Lore) -> Floats:
    """Factor on buying: 1 where the price is common, less where it is high and minded."""
    dearer = np.log(lore.products.price_minor[product] / COMMON_PRICE_MINOR)
    means = lore.traits["price_sense"][person] / np.sqrt(lore.traits["income"][person])
    return np.asarray(np.exp(-np.clip(dearer, -1.0, 3.0) * means))
