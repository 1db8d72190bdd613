"""The demo: a stream, the batch, and accounts whose passwords are shown once."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from pipelines.defs.house import House, utc_now
from pipelines.defs.launch import run_batch
from pipelines.sources.registry import find_source
from pipelines.sources.replay import replay
from pipelines.sources.sample import write_samples
from pipelines.warehouse import release
from pipelines.warehouse.reader import Reader
from platform_core.access import Role, create_account

SAMPLE_SEED: Final = 7
SAMPLE_DAYS: Final = 56
BRANDS: Final = """
(SELECT brand_id, sum(product_views) AS size FROM gold.brand_daily
 WHERE brand_id <> '(unknown)' GROUP BY brand_id ORDER BY size DESC, brand_id LIMIT 2)
UNION ALL
(SELECT brand_id, sum(ad_clicks) AS size FROM gold.campaign_daily
 GROUP BY brand_id ORDER BY size DESC, brand_id LIMIT 1)
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
    for name, path in _streams(house, source, data).items():
        report = replay(find_source(name), path, house.settings.landing, closed_on=utc_now().date())
        yield f"replayed {name}: {report.rows:,} rows, {report.events:,} events"
    yield "running the batch ..."
    if not run_batch(house, None):
        raise DemoError("the batch failed: see the messages above")
    yield "sign-ins (the passwords are shown this once):"
    for account in _accounts(house):
        yield f"  {account.login:<24} {account.password}   {account.words}"
    pages = f"http://{house.settings.host}:{house.settings.dashboard_port}"
    yield f"pages: {pages}   (`meadow up` starts them)"


def _streams(house: House, source: str, data: Path | None) -> dict[str, Path]:
    if source and data:
        return {source: data}
    if source or data:
        raise DemoError("SOURCE and DATA go together: SOURCE=rees46 DATA=path/to/file.csv.gz")
    yesterday = utc_now().date() - timedelta(days=1)
    return write_samples(
        house.settings.home / "samples", seed=SAMPLE_SEED, days=SAMPLE_DAYS, last_day=yesterday
    )


def _accounts(house: House) -> Iterator[Account]:
    for brand in _brands(house):
        yield _account(house, f"{brand}@demo", "brand", (brand,), f"brand {brand}")
    yield _account(house, "reviewer@demo", "reviewer", (), "reviewer of the moderation queue")


def _account(house: House, login: str, role: Role, brands: tuple[str, ...], words: str) -> Account:
    password = secrets.token_urlsafe(9)
    create_account(house.platform, login, password, role, brands, now=utc_now())
    return Account(login, password, words)


def _brands(house: House) -> list[str]:
    newest = release.latest(house.lake.root)
    if newest is None:
        return []
    reader = Reader(house.lake.root, newest, brand_id=None, using=house.settings)
    try:
        return list(dict.fromkeys(reader.query(BRANDS)["brand_id"].to_list()))
    finally:
        reader.close()
