"""The demo: a town or a replay, the batch, and accounts whose passwords are shown once."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.defs.house import House, utc_now
from pipelines.defs.launch import run_batch
from pipelines.defs.town import NotEmpty, live
from pipelines.sources.registry import find_source
from pipelines.sources.replay import replay
from pipelines.warehouse import release
from pipelines.warehouse.reader import Reader
from platform_core.access import Role, create_account

DAYS: Final = 28
USERS: Final = 700
SEED: Final = 7
BRANDS: Final = """
WITH sizes AS (
  SELECT brand_id, product_views AS acts FROM gold.brand_daily
  UNION ALL
  SELECT brand_id, ad_clicks FROM gold.campaign_daily
)
SELECT sizes.brand_id, coalesce(any_value(brands.name), sizes.brand_id) AS name
FROM sizes LEFT JOIN silver.brands AS brands ON brands.brand_id = sizes.brand_id
WHERE sizes.brand_id <> '(unknown)'
GROUP BY sizes.brand_id ORDER BY sum(acts) DESC, sizes.brand_id LIMIT 3
"""


class DemoError(ValueError):
    """The demo cannot be made like this."""


@dataclass(frozen=True)
class Account:
    """A demo account; the password is known here only."""

    login: str
    password: str
    words: str


def prepare(house: House, source: str, data: Path | None) -> Iterator[str]:
    """Make the demo; yields what to tell the user as it goes."""
    yield from _events(house, source, data)
    yield "running the batch ..."
    if not run_batch(house, None):
        raise DemoError("the batch failed: see the messages above")
    yield "sign-ins (the passwords are shown this once):"
    for account in _accounts(house):
        yield f"  {account.login:<24} {account.password}   {account.words}"
    pages = f"http://{house.settings.host}:{house.settings.dashboard_port}"
    yield f"pages: {pages}   (`meadow up` starts them)"


def _events(house: House, source: str, data: Path | None) -> Iterator[str]:
    if source and data:
        closed_on = utc_now().date()
        report = replay(find_source(source), data, house.settings.landing, closed_on=closed_on)
        yield f"replayed {source}: {report.rows:,} rows, {report.events:,} events"
    elif source or data:
        raise DemoError("SOURCE and DATA go together: SOURCE=rees46 DATA=path/to/file.csv.gz")
    else:
        yield from _town(house)


def _town(house: House) -> Iterator[str]:
    try:
        yield from live(house, DAYS, USERS, SEED)
    except NotEmpty:
        yield "a town lives here already: it stays as it is"


def _accounts(house: House) -> Iterator[Account]:
    for number, (brand_id, name) in enumerate(_brands(house), start=1):
        yield _account(house, f"brand-{number}@demo", "brand", (brand_id,), f"brand {name}")
    yield _account(house, "reviewer@demo", "reviewer", (), "reviewer of the moderation queue")


def _account(house: House, login: str, role: Role, brands: tuple[str, ...], words: str) -> Account:
    password = secrets.token_urlsafe(9)
    create_account(house.platform, login, password, role, brands, now=utc_now())
    return Account(login, password, words)


def _brands(house: House) -> list[tuple[str, str]]:
    """Id and name of the brands with most to show."""
    newest = release.latest(house.lake.root)
    if newest is None:
        return []
    reader = Reader(house.lake.root, newest, brand_id=None, using=house.settings)
    try:
        return reader.query(BRANDS).rows()
    finally:
        reader.close()
