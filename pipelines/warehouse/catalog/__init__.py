"""The catalog: every table of the warehouse, each declared by one file."""

from pipelines.warehouse.catalog.catalog import LAYERS, Catalog, CatalogError, load
from pipelines.warehouse.catalog.header import Expectation, Header
from pipelines.warehouse.catalog.model import Model, ModelError, Parameter
from pipelines.warehouse.catalog.parameters import read_parameters

__all__ = [
    "LAYERS",
    "Catalog",
    "CatalogError",
    "Expectation",
    "Header",
    "Model",
    "ModelError",
    "Parameter",
    "load",
    "read_parameters",
]
