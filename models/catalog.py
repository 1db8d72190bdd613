"""The whole warehouse as one catalog: the tables of every floor up to this one."""

from functools import cache
from pathlib import Path

import features
import models
from models.learning.champions import champions
from models.rules import load_rules
from pipelines.warehouse import catalog
from pipelines.warehouse.catalog import Catalog, Parameter, read_parameters
from platform_core.settings import Settings

Chosen = tuple[tuple[str, Parameter], ...]


def catalog_of(settings: Settings) -> Catalog:
    """The catalog with the parameters that were chosen, and the models that are in use."""
    values: dict[str, Parameter] = {**champions(settings.models), **dict(settings.chosen)}
    return load_catalog(tuple(sorted(values.items())))


@cache
def load_catalog(chosen: Chosen = ()) -> Catalog:
    """Read and check every table's file, once a process.

    Args:
        chosen: values of parameters that differ from those in ``parameters.yaml``.

    Raises:
        ModelError: a parameter has been chosen that no file knows.
    """
    warehouse = Path(catalog.__file__).parents[1]
    parameters = read_parameters(warehouse / "parameters.yaml", dict(chosen))
    for rule in load_rules().values():
        parameters |= rule.as_parameters()
    return catalog.load(
        {
            "bronze": warehouse / "bronze",
            "silver": warehouse / "silver",
            "features": _folder(features.__path__),
            "risk": _folder(models.__path__),
            "gold": warehouse / "gold",
        },
        parameters,
    )


def _folder(package_path: list[str]) -> Path:
    return Path(next(iter(package_path)))
