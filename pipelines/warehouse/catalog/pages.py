"""What the tables' files say, as text for people."""

from collections.abc import Iterator
from typing import Final

from pipelines.warehouse.catalog.catalog import LAYERS, Catalog
from pipelines.warehouse.catalog.model import Model

HEAD: Final = """# Tables

Written by `meadow tables --markdown` from the tables' own files; [the warehouse](warehouse.md) says
how they hang together.
"""


def listing(catalog: Catalog) -> Iterator[str]:
    """Each table and its grain, a line each, inputs before what is made from them."""
    width = max(map(len, catalog.models))
    return (f"{model.name:<{width}}  {model.header.grain}" for model in catalog)


def page(model: Model) -> Iterator[str]:
    """All that people need to use one table."""
    header = model.header
    yield model.name
    yield f"  {header.grain}"
    yield f"  by {header.partition}" if header.partition else "  whole"
    yield f"  made from {', '.join(model.inputs) or 'what lands'}"
    width = max(len(column.name) for column in header.columns)
    for column in header.columns:
        yield f"    {column.name:<{width}}  {column.meaning}"
    if header.notes:
        yield f"  {header.notes.strip()}"


def markdown(catalog: Catalog) -> Iterator[str]:
    """All tables as one page, a section a layer."""
    yield HEAD
    for layer in LAYERS:
        yield f"## {layer}\n\n| table | grain |\n|---|---|"
        for name, model in sorted(catalog.models.items()):
            if model.layer == layer:
                yield f"| `{name}` | {model.header.grain} |"
        yield ""
