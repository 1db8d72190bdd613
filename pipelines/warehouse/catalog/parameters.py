"""Values that queries and headers use by name."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from pipelines.warehouse.catalog.model import ModelError, Parameter


def read_parameters(path: Path, chosen: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameters of a file, with the values that were chosen instead.

    Raises:
        ModelError: a value was chosen for what no table uses.
    """
    values: dict[str, Parameter] = yaml.safe_load(path.read_text())
    if unknown := sorted(chosen.keys() - values.keys()):
        known = ", ".join(sorted(values))
        raise ModelError(f"MEADOW_PARAMETERS: unknown {', '.join(unknown)}; known: {known}")
    return {**values, **chosen}
