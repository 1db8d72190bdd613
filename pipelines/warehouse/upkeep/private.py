"""What of each table describes a person or was said by one: from the contract, by lineage."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlglot import exp

from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.ingest.columns import schema_of
from pipelines.warehouse.ingest.rules import Schema, present
from platform_core.contract import EVENTS
from platform_core.contract.fields import PRIVATE

EVENTS_TABLE: Final = "bronze.events"
_EMPTY: Final[Mapping[str, Any]] = {"string": "", "boolean": False, "array": [], "integer": 0}


def private_fields(kind: str) -> dict[str, Any]:
    """Fields of a ``dataschema`` to empty, each with what stands there then; None: it is gone."""
    schema = schema_of(kind)
    marked = {n: s for n, s in schema["properties"].items() if PRIVATE in present(s)}
    return {name: _emptied(declared) for name, declared in marked.items()}


@dataclass(frozen=True)
class Private:
    """Private columns of the tables of a catalog.

    A column is private if its expression names a private field of an event that the table reads,
    or a private column of another table.
    """

    catalog: Catalog

    @cached_property
    def columns(self) -> dict[str, frozenset[str]]:
        """Names of the private columns of every table."""
        found: dict[str, frozenset[str]] = {}
        for model in self.catalog:
            own = {c.name for c in model.header.columns}
            found[model.name] = frozenset(own & self._named(model, found))
        return found

    def reads_events(self, model: Model) -> bool:
        """Whether the table is made from private fields of events."""
        return bool(self._paths(model))

    def _named(self, model: Model, known: Mapping[str, frozenset[str]]) -> set[str]:
        paths = self._paths(model)
        names = {name for table in model.inputs for name in known.get(table, ())}
        if not model.sql or not (paths or names):
            return set()
        selected = [s for select in model.tree.find_all(exp.Select) for s in select.expressions]
        while more := {
            s.alias_or_name
            for s in selected
            if s.alias_or_name not in names and _names(s, names, paths)
        }:
            names |= more
        return names

    def _paths(self, model: Model) -> set[str]:
        if EVENTS_TABLE not in model.inputs or not model.sql:
            return set()
        read = (
            k for k, m in EVENTS.items() if not model.event_types or m.type in model.event_types
        )
        fields = {f"$.{name}" for kind in read for name in private_fields(kind)}
        literals = model.tree.find_all(exp.Literal, exp.JSONPath)
        return {p for p in (_path(node) for node in literals) if p in fields}


def _names(expression: exp.Expr, names: set[str], paths: set[str]) -> bool:
    return any(c.name in names for c in expression.find_all(exp.Column)) or any(
        _path(node) in paths for node in expression.find_all(exp.Literal, exp.JSONPath)
    )


def _path(node: exp.Expr) -> str:
    return node.name if isinstance(node, exp.Literal) else node.sql("duckdb").strip("'")


def _emptied(declared: Schema) -> Any:
    if "default" in declared:
        return declared["default"]
    return _EMPTY[present(declared)["type"]]
