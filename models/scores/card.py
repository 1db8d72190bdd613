"""What is said of a kept model, for people and for checks (Mitchell et al., 2019)."""

import hashlib
from dataclasses import asdict
from datetime import date
from typing import Any, Self

import polars as pl
from pydantic import BaseModel, ConfigDict

from models.scores.operating_point import OperatingPoint


class Labels(BaseModel):
    """How many rows people decided, who, and how those rows came to be decided."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confirmed: int
    dismissed: int
    decided_by: dict[str, int]
    selected_by: dict[str, int]


class Metric(BaseModel):
    """A measured figure with its interval, and on what it was measured."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    low: float
    high: float
    measured_on: str


class Card(BaseModel):
    """A model's card.

    Attributes:
        purpose: what the score is of, for whom, and what it must not be used for.
        columns: what the model reads, in this order.
        trained_from, trained_to: the first and last day of its training rows.
        data_sha256: see :func:`data_sha256`.
        notes: what the training had to say, such as dropped columns.
        file_sha256, versions: filled in by the store.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    detector: str
    purpose: str
    columns: list[str]
    trained_from: date
    trained_to: date
    labels: Labels
    metrics: dict[str, Metric]
    operating_point: dict[str, Any] | None = None
    data_sha256: str
    notes: list[str] = []
    file_sha256: str = ""
    versions: dict[str, str] = {}

    def at(self, point: OperatingPoint) -> Self:
        """The card with its operating point."""
        return self.model_copy(update={"operating_point": asdict(point)})


def data_sha256(frame: pl.DataFrame) -> str:
    """A hash of training rows, in whatever order they come, and of their columns' names."""
    named = frame.select(sorted(frame.columns))
    digest = hashlib.sha256(" ".join(named.columns).encode())
    digest.update(named.hash_rows().sort().to_numpy().tobytes())
    return digest.hexdigest()
