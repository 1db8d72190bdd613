"""How long each class of data is kept: ``retention.yaml``, read once."""

from functools import cache
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE: Final = Path(__file__).with_name("retention.yaml")
Days = Annotated[int, Field(ge=1)]


class Retention(BaseModel):
    """Days, but for ``releases`` and ``compact_from``, which are counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    raw_segments: Days
    quarantine_payloads: Days
    events: Annotated[Days, Field(alias="bronze.events")]
    features: Days
    releases: Annotated[int, Field(ge=1)]
    compact_from: Annotated[int, Field(ge=2)]


@cache
def retention() -> Retention:
    return Retention.model_validate(yaml.safe_load(FILE.read_text()))
