"""All tables together, in an order in which each comes after what it reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

from pipelines.warehouse.catalog.model import Model, Parameter, read

LAYERS: Final = ("bronze", "silver", "features", "risk", "gold")


class CatalogError(ValueError):
    """The tables do not fit together."""


@dataclass(frozen=True)
class Catalog:
    """The tables by name; iterates from inputs to outputs."""

    models: Mapping[str, Model]

    def __getitem__(self, name: str) -> Model:
        try:
            return self.models[name]
        except KeyError:
            raise CatalogError(
                f"unknown table {name!r}; known: {', '.join(sorted(self.models))}"
            ) from None

    def __iter__(self) -> Iterator[Model]:
        return iter(self.ordered)

    @cached_property
    def ordered(self) -> list[Model]:
        graph = {name: {*m.inputs, *m.compared} for name, m in sorted(self.models.items())}
        try:
            return [self.models[name] for name in TopologicalSorter(graph).static_order()]
        except CycleError as error:
            raise CatalogError(f"tables read each other in a circle: {error.args[1]}") from error

    @property
    def computed(self) -> list[Model]:
        """Tables that a query or a function makes, in order."""
        return [m for m in self.ordered if m.is_computed]


def load(folders: Mapping[str, Path], parameters: Mapping[str, Parameter] | None = None) -> Catalog:
    """Read the ``.sql`` files of each layer's folder.

    Args:
        folders: layer to folder; the layers of other floors come in as data.
        parameters: values that queries may use as ``$name`` beside their window.

    Raises:
        CatalogError: a table reads one that is unknown or of a later layer.
        ModelError: a file is wrong.
    """
    models = {
        model.name: model
        for layer, folder in folders.items()
        for path in sorted(folder.glob("*.sql"))
        for model in [read(path, layer, parameters or {})]
    }
    catalog = Catalog(models)
    for model in models.values():
        for name in (*model.inputs, *model.compared):
            if name not in models:
                raise CatalogError(f"{model.name} reads {name}, which no file declares")
            if name in model.inputs:
                _refuse(model, models[name])
    return catalog


def _refuse(model: Model, read: Model) -> None:
    if LAYERS.index(read.layer) > LAYERS.index(model.layer):
        raise CatalogError(f"{model.name} reads {read.name}, which is of a later layer")
    if model.header.partition and not read.header.partition:
        raise CatalogError(
            f"{model.name} is kept by day and reads {read.name}, which holds the latest state: "
            "past days would change with it; read states as of the day"
        )
