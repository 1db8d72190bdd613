"""What brands, shops and campaigns are called, for people who read of their ids."""

from collections.abc import Collection

import sqlalchemy as sa

from platform_core.tables import ads, brands


def names(source: sa.Engine, ids: Collection[str]) -> dict[str, str]:
    """Names by id; ids that the platform does not know, such as another shop's, have none."""
    asked = sa.union_all(
        *(
            sa.select(key, name).where(key.in_(ids))
            for key, name in (
                (brands.brands.c.brand_id, brands.brands.c.name),
                (brands.shops.c.shop_id, brands.shops.c.name),
                (ads.campaigns.c.campaign_id, ads.campaigns.c.name),
            )
        )
    )
    with source.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(asked)}
