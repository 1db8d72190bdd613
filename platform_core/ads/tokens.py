"""Signed tokens: what was served to whom at which price, as a click brings it back.

A token is ``<facts>.<signature>``, the facts as JSON in URL-safe base64, the signature an
HMAC-SHA256 (RFC 2104) of them. A page carries it; nobody but the platform can make one.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from platform_core.contract.events.behaviour import Placement
from platform_core.work import Refusal

VALID_FOR: Final = timedelta(hours=24)
DIGEST: Final = "sha256"


class TokenRefused(Refusal):
    """The token was not made by this platform, is not this person's or is too old."""


@dataclass(frozen=True)
class ServedAd:
    """An ad as it was served; ``price_minor`` is what a click costs."""

    request_id: str
    user_id: str | None
    placement: Placement
    creative_id: str
    unit_id: str
    campaign_id: str
    account_id: str
    brand_id: str
    keyword_id: str | None
    price_minor: int
    currency: str
    served_at: datetime
    budget_day: date


FACTS: Final = tuple(field.name for field in fields(ServedAd))


def signed(ads: pl.DataFrame, key: bytes) -> pl.Series:
    """The token of every row of ``ads``, which has the columns of ``ServedAd``."""
    served_at = pl.col("served_at").dt.convert_time_zone("UTC")
    facts = ads.select(
        pl.struct(
            *(name for name in FACTS if name not in ("served_at", "budget_day")),
            served_at.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z"),
            pl.col("budget_day").dt.to_string("iso"),
        )
        .struct.json_encode()
        .str.encode("base64")
        .str.replace_all("+", "-", literal=True)
        .str.replace_all("/", "_", literal=True)
        .alias("token")
    )["token"]
    return pl.Series("token", [f"{text}.{_signature(text, key)}" for text in facts], pl.String)


def served(token: str, key: bytes | None, *, user_id: str | None, now: datetime) -> ServedAd:
    """What the token says, if it is genuine.

    Raises:
        TokenRefused: it is forged or altered, was served to another person, or is older than 24 h.
    """
    text, _, signature = token.partition(".")
    if key is None or not hmac.compare_digest(_signature(text, key).encode(), signature.encode()):
        raise TokenRefused("this ad token is not one of ours: click the ad that was served")
    facts = json.loads(urlsafe_b64decode(text))
    ad = ServedAd(
        **facts
        | {
            "served_at": datetime.fromisoformat(facts["served_at"]),
            "budget_day": date.fromisoformat(facts["budget_day"]),
        }
    )
    if ad.user_id not in (None, user_id):
        raise TokenRefused(f"request {ad.request_id!r} was another person's: ask for ads yourself")
    if now - ad.served_at > VALID_FOR:
        raise TokenRefused(f"request {ad.request_id!r} is of {ad.served_at:%Y-%m-%d}: ask again")
    return ad


def _signature(text: str, key: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(key, text.encode(), DIGEST)).decode()
