"""The metric registry: what every number is called, how it is made and what it means."""

import re
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict

_COLUMN: Final = re.compile(r"\bgold\.\w+\.\w+\b")


class Metric(BaseModel):
    """A number that people see.

    ``formula`` is over mart columns. An ``additive`` metric may be summed over days; people may
    not. A metric that ``has_verdicts`` is shown gross, net and pending.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    formula: str
    unit: Literal["count", "minor", "share", "people", "milliseconds", "score", "days"]
    has_verdicts: bool = False
    additive: bool = True

    @property
    def columns(self) -> frozenset[str]:
        """Mart columns that the formula names, as ``gold.table.column``."""
        return frozenset(_COLUMN.findall(self.formula))


class RegistryError(ValueError):
    """Two metrics have one name."""


def load(folder: Path) -> dict[str, Metric]:
    """The metrics of all files of a folder, by name."""
    metrics: dict[str, Metric] = {}
    for path in sorted(folder.glob("*.yaml")):
        for fields in yaml.safe_load(path.read_text()):
            metric = Metric.model_validate(fields)
            if metric.name in metrics:
                raise RegistryError(f"{path}: {metric.name!r} is another metric's name")
            metrics[metric.name] = metric
    return metrics


METRICS: Final = load(Path(__file__).parent)
