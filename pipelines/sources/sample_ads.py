"""Ad clicks in the shape of ``talkingdata``: people who click, and some who click far too often."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.sources.sample_rhythm import DAY_SECONDS, Integers, falling, starts, utc

CAMPAIGNS: Final = (
    "search-brand",
    "feed-spring",
    "search-category",
    "splash-launch",
    "feed-serum",
    "video-creator",
    "feed-lookalike",
    "video-tutorial",
    "search-competitor",
    "splash-promotion",
    "feed-retarget",
    "network-partner",
)
PLACEMENTS: Final = ("feed-top", "feed-mid", "search-top", "splash", "video-end", "banner")
DEVICES: Final = ("phone-a", "phone-b", "phone-c", "phone-d", "phone-e", "tablet-a")
SYSTEMS: Final = ("android-13", "android-14", "android-15", "ios-17", "ios-18")
CLICKS_A_DAY: Final = 600
PEOPLE: Final = 14_000
INSTALL_RATE: Final = 0.022  # of a person's clicks
INSTALL_SECONDS: Final = 540  # on average after the click
REPEATERS: Final = 48
BURSTS_A_REPEATER: Final = 3
CLICKS_A_BURST: Final = 14
REPEAT_SECONDS: Final = (2, 45)
REPEATER_CAMPAIGNS: Final = (11, 8, 6, 5)  # where bought clicks come from


def ad_clicks(seed: int, days: int, last_day: date) -> pl.DataFrame:
    """The log, one row a click, in the order of time."""
    rng = np.random.default_rng([seed, 17])
    people = _people(rng, starts(rng, daily=CLICKS_A_DAY, days=days, last_day=last_day))
    clicks = pl.concat([people, _repeaters(rng, days)]).filter(
        pl.col("clicked") < days * DAY_SECONDS
    )
    click_time = utc("clicked", days=days, last_day=last_day)
    attributed_time = utc("installed", days=days, last_day=last_day)
    return clicks.sort("clicked", "actor", "app").select(
        ip=_address(pl.col("actor")),
        app=_named(CAMPAIGNS, "app"),
        device=_named(DEVICES, "device"),
        os=_named(SYSTEMS, "os"),
        channel=_named(PLACEMENTS, "channel"),
        click_time=click_time.dt.strftime("%F %T"),
        attributed_time=attributed_time.dt.strftime("%F %T"),
        is_attributed=pl.col("installed").is_not_null().cast(pl.Int8),
    )


def _people(rng: np.random.Generator, clicked: Integers) -> pl.DataFrame:
    size = len(clicked)
    actor = rng.choice(PEOPLE, size=size, p=falling(PEOPLE, by=0.4))
    waited = rng.exponential(INSTALL_SECONDS, size).astype(np.int64) + 20
    installs = pl.Series(rng.random(size) < INSTALL_RATE)
    return _clicks(
        actor=actor,
        app=rng.choice(len(CAMPAIGNS), size=size, p=falling(len(CAMPAIGNS), by=0.8)),
        channel=rng.integers(0, len(PLACEMENTS), size),
        clicked=clicked,
    ).with_columns(installed=pl.when(installs).then(pl.Series(clicked + waited)))


def _repeaters(rng: np.random.Generator, days: int) -> pl.DataFrame:
    """Actors that each click one campaign again and again, in bursts; nothing is installed."""
    repeater = np.repeat(np.arange(REPEATERS), BURSTS_A_REPEATER)
    begun = rng.integers(0, days * DAY_SECONDS, len(repeater))
    clicks = rng.geometric(1 / CLICKS_A_BURST, len(repeater)) + 1
    burst = np.repeat(np.arange(len(repeater)), clicks)
    waited = pl.DataFrame({"burst": burst, "seconds": rng.integers(*REPEAT_SECONDS, len(burst))})
    since_begun = waited.select(pl.col("seconds").cum_sum().over("burst")).to_series()
    place = repeater[burst]
    return _clicks(
        actor=PEOPLE + place,
        app=np.array(REPEATER_CAMPAIGNS)[place % len(REPEATER_CAMPAIGNS)],
        channel=place % len(PLACEMENTS),
        clicked=begun[burst] + since_begun.to_numpy(),
    ).with_columns(installed=pl.lit(None, pl.Int64))


def _clicks(
    *, actor: Integers, app: Integers, channel: Integers, clicked: Integers
) -> pl.DataFrame:
    """Clicks; an actor always uses the same address, device and system."""
    return pl.DataFrame(
        {
            "actor": actor,
            "app": app,
            "channel": channel,
            "device": actor % len(DEVICES),
            "os": actor // len(DEVICES) % len(SYSTEMS),
            "clicked": clicked,
        }
    )


def _address(actor: pl.Expr) -> pl.Expr:
    """An address of 100.64.0.0/10, which no machine on the Internet has (RFC 6598)."""
    return pl.format("100.{}.{}.{}", 64 + actor // 6000, actor // 240 % 25, 1 + actor % 240)


def _named(names: tuple[str, ...], column: str) -> pl.Expr:
    return pl.col(column).replace_strict(range(len(names)), names)
