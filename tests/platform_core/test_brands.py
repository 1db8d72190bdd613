"""Brands come onto the platform step by step and open shops."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core import brands
from platform_core.names import names
from platform_core.outbox import Origin
from platform_core.work import begin
from tests.platform_core.told import told, types

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
STAFF = Origin("account_1")


def applied(engine: sa.Engine, name: str = "草本集") -> str:
    with begin(engine, now=NOW) as work:
        return brands.apply(work, name=name, category="skincare", by=STAFF)


def step(engine: sa.Engine, brand_id: str, *verbs: Any) -> None:
    with begin(engine, now=NOW) as work:
        for verb in verbs:
            verb(work, brand_id, by=STAFF)


def test_names_are_of_the_ids_that_the_platform_knows(engine: sa.Engine) -> None:
    brand_id = applied(engine)
    step(engine, brand_id, brands.verify)
    with begin(engine, now=NOW) as work:
        shop_id = brands.open_shop(work, brand_id, name="草本集旗舰店", by=STAFF)
    found = names(engine, {brand_id, shop_id, "campaign_of_another_shop"})
    assert found == {brand_id: "草本集", shop_id: "草本集旗舰店"}


def test_a_brand_is_verified_before_it_is_certified(engine: sa.Engine) -> None:
    brand_id = applied(engine)
    with pytest.raises(brands.BrandNotReady, match="only when verified"):
        step(engine, brand_id, brands.certify)
    step(engine, brand_id, brands.verify, brands.certify)
    assert [event["data"]["status"] for event in told(engine)] == [
        "applied",
        "verified",
        "certified",
    ]
    assert brands.brand(engine, brand_id).status == "certified"


def test_a_step_taken_twice_is_told_once(engine: sa.Engine) -> None:
    brand_id = applied(engine)
    step(engine, brand_id, brands.verify, brands.verify)
    assert types(engine) == ["brand.changed"] * 2


def test_a_suspended_brand_is_verified_again(engine: sa.Engine) -> None:
    brand_id = applied(engine)
    step(engine, brand_id, brands.verify, brands.certify, brands.suspend, brands.verify)
    assert brands.brand(engine, brand_id).status == "verified"


def test_a_name_belongs_to_one_brand(engine: sa.Engine) -> None:
    applied(engine)
    with pytest.raises(brands.BrandNameTaken, match="草本集"):
        applied(engine)


@pytest.mark.parametrize("name", ["", " 草本集", "草" * 41])
def test_what_nobody_could_mention_is_no_name(engine: sa.Engine, name: str) -> None:
    with pytest.raises(ValueError, match="no brand name"):
        applied(engine, name)


def test_an_unknown_brand_is_refused(engine: sa.Engine) -> None:
    with pytest.raises(brands.BrandUnknown, match="brand_0"):
        step(engine, "brand_0", brands.verify)


def test_only_a_verified_brand_opens_a_shop(engine: sa.Engine) -> None:
    brand_id = applied(engine)
    with pytest.raises(brands.BrandNotReady), begin(engine, now=NOW) as work:
        brands.open_shop(work, brand_id, name="旗舰店", by=STAFF)
    step(engine, brand_id, brands.verify)
    with begin(engine, now=NOW) as work:
        shop_id = brands.open_shop(work, brand_id, name="旗舰店", level=3, by=STAFF)
    assert brands.shop(engine, shop_id) == brands.Shop(shop_id, brand_id, "旗舰店", "open", 3)


def test_a_shop_closes_once(engine: sa.Engine) -> None:
    brand_id = applied(engine)
    step(engine, brand_id, brands.verify)
    with begin(engine, now=NOW) as work:
        shop_id = brands.open_shop(work, brand_id, name="旗舰店", by=STAFF)
        brands.close_shop(work, shop_id, by=STAFF)
        brands.close_shop(work, shop_id, by=STAFF)
    assert [e["data"]["status"] for e in told(engine)[2:]] == ["open", "closed"]
    with pytest.raises(brands.ShopUnknown), begin(engine, now=NOW) as work:
        brands.close_shop(work, "shop_0", by=STAFF)
