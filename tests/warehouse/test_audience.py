"""Who the people of a stage are beside everybody, and when they are too few to be told."""

from typing import Any

import pytest

from tests.events import event
from tests.warehouse.acts import local
from tests.warehouse.conftest import Compute, Query

Event = dict[str, Any]
NOON = local("2026-08-03 12:00:00")


def person(number: int, brand: str, **state: Any) -> list[Event]:
    """Somebody signed up and saw an ad of the brand."""
    name = f"{brand}-{number}"
    signed_up = event(
        "user.changed",
        f"{name}-signed-up",
        NOON,
        user_id=name,
        status="active",
        registered_on="2026-08-01",
        has_avatar=False,
        has_bio=False,
        interests=[],
        **state,
    )
    ad: Event = {"creative_id": "v1", "unit_id": "u1", "campaign_id": "c1", "placement": "feed"}
    seen = event(
        "ad.impressed",
        f"{name}-saw",
        NOON,
        actorid=name,
        request_id=f"{name}-r",
        position=1,
        brand_id=brand,
        **ad,
    )
    return [signed_up, seen]


@pytest.fixture(scope="module")
def audience(compute: Compute) -> Query:
    """60 women of large cities, 55 men and 10 others of small ones know b1; 125 women know b2."""
    people = [
        *(person(n, "b1", gender="female", city_tier=1, birth_year=1996) for n in range(60)),
        *(person(n, "b1", gender="male", city_tier=4) for n in range(60, 115)),
        *(person(n, "b1", city_tier=4) for n in range(115, 125)),
        *(person(n, "b2", gender="female", city_tier=1) for n in range(125)),
    ]
    return compute(*(act for acts in people for act in acts))


def rows(audience: Query, dimension: str) -> list[tuple[Any, ...]]:
    return audience(
        "SELECT value, people, round(share, 4), round(tgi, 2), is_too_few FROM gold.audience "
        "WHERE brand_id = 'b1' AND stage = 'aware' AND dimension = $dimension ORDER BY value",
        dimension=dimension,
    )


def test_tgi_compares_a_share_with_that_of_everybody(audience: Query) -> None:
    assert rows(audience, "city_tier") == [
        ("1", 60, 0.48, round(100 * 0.48 / 0.74, 2), False),
        ("4", 65, 0.52, 200.0, False),
    ]


def test_a_group_below_the_floor_and_the_one_that_would_betray_it_are_not_told(
    audience: Query,
) -> None:
    assert rows(audience, "gender") == [
        ("(unknown)", None, None, None, True),
        ("female", 60, 0.48, round(100 * 0.48 / 0.74, 2), False),
        ("male", None, None, None, True),
    ]


def test_age_counts_from_the_year_of_birth_and_is_unknown_without_it(audience: Query) -> None:
    assert [(value, people) for value, people, *_ in rows(audience, "age")] == [
        ("(unknown)", 65),
        ("25-34", 60),
    ]


def test_everybody_has_a_place_in_every_dimension(audience: Query) -> None:
    whole = audience(
        "SELECT DISTINCT dimension, sum(share) OVER (PARTITION BY dimension), min(as_of) OVER () "
        "FROM gold.audience WHERE brand_id = 'b2' ORDER BY dimension"
    )
    assert [(dimension, share) for dimension, share, _ in whole] == [
        (name, 1.0) for name in ("age", "city_tier", "gender", "price_tier", "topic")
    ]
    assert str(whole[0][2]) == "2026-08-03"
