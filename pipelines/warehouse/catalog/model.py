"""One table, one file: a YAML header in the leading comment, then one SELECT; nothing if a function
makes the rows, or if they come from no other table."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import sqlglot
import yaml
from pydantic import ValidationError
from sqlglot import exp
from sqlglot.errors import ParseError

from pipelines.warehouse.catalog.header import Header
from pipelines.warehouse.catalog.portable import problems
from pipelines.warehouse.lake import Table, Window

_FILE: Final = re.compile(r"\A/\*\n(?P<header>.*?)\*/\s*(?P<body>.*)\Z", re.S)
_TABLE: Final = re.compile(r"\b(?:bronze|silver|features|risk|gold)\.\w+\b")
_PARAMETER: Final = re.compile(r"\$(\w+)")

Parameter = str | int | float | date


class ModelError(ValueError):
    """A table's file is wrong; the message says which, where and what to do."""


@dataclass(frozen=True)
class Model:
    """A declared table; ``sql`` is empty if Python makes it.

    ``code`` is the text of what makes the rows where ``sql`` does not.
    """

    name: str
    header: Header
    sql: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    code: str = ""

    @cached_property
    def layer(self) -> str:
        return self.name.split(".")[0]

    @cached_property
    def table(self) -> Table:
        return Table(self.name, tuple(c.column for c in self.header.columns), self.header.partition)

    @cached_property
    def tree(self) -> exp.Expr:
        """The query as parsed, to be read and not to be changed."""
        return _parsed(self.sql)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Tables that the query reads, from its FROM clauses, or that the function reads."""
        if not self.sql:
            return tuple(sorted(self.header.reads))
        tables = self.tree.find_all(exp.Table)
        return tuple(sorted({f"{t.db}.{t.name}" for t in tables if t.db}))

    @property
    def is_computed(self) -> bool:
        """Whether its rows follow from those of other tables."""
        return bool(self.sql or self.header.made_by)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """Further tables that the expectations read, to be compared with."""
        named = {
            name
            for expectation in self.header.expect
            if expectation.kind == "no_rows"
            for name in _TABLE.findall(expectation.argument)
        }
        return tuple(sorted(named - set(self.inputs)))

    @cached_property
    def event_types(self) -> frozenset[str]:
        """Event types that the query picks by ``type = '...'``; empty means any."""
        if not self.sql:
            return frozenset()
        equal = (
            e.expression.name
            for e in self.tree.find_all(exp.EQ)
            if e.this.name == "type" and isinstance(e.expression, exp.Literal)
        )
        within = (
            literal.name
            for e in self.tree.find_all(exp.In)
            if e.this.name == "type"
            for literal in e.expressions
        )
        return frozenset({*equal, *within})

    @cached_property
    def hash(self) -> str:
        """Changes when what the table means changes."""
        used = sorted((n, self.parameters[n]) for n in self._used & self.parameters.keys())
        text = f"{self.header.model_dump_json()}\n{self.sql}{self.code}\n{used}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def _used(self) -> set[str]:
        return set(_PARAMETER.findall(self.sql + self.code))

    def query(self, window: Window | None) -> str:
        """The SELECT with its parameters as typed literals."""
        return self.filled(self.sql, window)

    def filled(self, sql: str, window: Window | None) -> str:
        """Any query with the parameters that the model knows."""
        values: dict[str, Parameter] = dict(self.parameters)
        if window is not None:
            values |= {"from_date": window.from_date, "to_date": window.to_date}
        return substitute(sql, values)


@cache
def _parsed(sql: str) -> exp.Expr:
    """Catalogs with other values of parameters share their queries."""
    return sqlglot.parse_one(sql, read="duckdb")


def read(path: Path, layer: str, parameters: Mapping[str, Parameter]) -> Model:
    """Read and check one table's file.

    Raises:
        ModelError: the header or the query is not as it should be.
    """
    found = _FILE.match(path.read_text())
    if not found:
        raise ModelError(f"{path}: a table's file begins with its header between /* and */")
    try:
        text = _PARAMETER.sub(lambda m: str(parameters.get(m[1], m[0])), found["header"])
        header = Header.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    except (ValidationError, yaml.YAMLError) as error:
        raise ModelError(f"{path}: header: {error}") from error
    name, sql = f"{layer}.{path.stem}", found["body"].strip()
    model = Model(name, header, sql, parameters, _code(path, header))
    _check(path, model)
    return model


def _code(path: Path, header: Header) -> str:
    """What makes the rows, as text: a change of it is another definition."""
    if header.made_by is None:
        return ""
    module, _, function = header.made_by.partition(":")
    found = find_spec(module)
    if not (function and found and found.origin):
        raise ModelError(f"{path}: made_by: {header.made_by!r} is no module:function")
    files = [Path(found.origin), *(path.parent / name for name in header.says)]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise ModelError(f"{path}: says: there is no {', '.join(missing)}")
    return "\n".join(file.read_text() for file in files)


def substitute(sql: str, values: Mapping[str, Parameter]) -> str:
    """Replace ``$name`` by typed literals; both engines read these alike."""

    def literal(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            raise ModelError(f"unknown parameter ${match[1]}; known: {sorted(values)}")
        if isinstance(value, date):
            return f"DATE '{value}'"
        if isinstance(value, float):
            return f"CAST({value!r} AS DOUBLE)"
        return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

    return _PARAMETER.sub(literal, sql)


def _check(path: Path, model: Model) -> None:
    if bool(model.header.made_by) != bool(model.header.reads):
        raise ModelError(f"{path}: `made_by` and `reads` stand together or not at all")
    if model.sql and model.header.made_by:
        raise ModelError(f"{path}: rows are made by a query or by a function, not by both")
    if not model.sql:
        return
    try:
        tree = model.tree
    except ParseError as error:
        raise ModelError(f"{path}: {error}") from error
    for problem in problems(tree):
        raise ModelError(f"{path}: {problem}")
    used = set(_PARAMETER.findall(model.sql))
    windowed = {"from_date", "to_date"} if model.header.partition else set()
    if missing := windowed - used:
        raise ModelError(f"{path}: a partitioned query must be bounded by ${', $'.join(missing)}")
    if unknown := used - windowed - model.parameters.keys():
        raise ModelError(f"{path}: unknown parameter ${', $'.join(sorted(unknown))}")
    declared = [c.name for c in model.header.columns]
    selected = tree.named_selects if isinstance(tree, exp.Query) else []
    if selected != declared:
        raise ModelError(f"{path}: declares the columns {declared} and selects {selected}")
    if model.layer == "bronze" or (model.header.affects.keys() - set(model.inputs)):
        raise ModelError(f"{path}: `affects` names a table that the query does not read")
