"""Finding out which pseudonyms, digests and days are a person's, before anything is changed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import duckdb
from sqlglot import exp

from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.engines.connection import create_view
from pipelines.warehouse.ingest.columns import personal, schema_of
from pipelines.warehouse.ingest.ingest import Keys
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.upkeep.person import PERSON, Identity, Plan, identity, pseudonym
from pipelines.warehouse.upkeep.private import EVENTS_TABLE, Private
from platform_core.contract import EVENTS

BLOCK: Final = "address_block"
_DIGESTS: Final = (exp.MD5, exp.SHA, exp.SHA2)


def identities(
    connection: duckdb.DuckDBPyConnection, keys: Keys, user_id: str
) -> tuple[Identity, ...]:
    """The person, and every device, address and the like that nobody else has used.

    What others use too is no less theirs: it stays, and says nothing about the person alone.
    """
    person = identity(keys, PERSON, pseudonym(keys, PERSON, user_id))
    own = f"SELECT DISTINCT namespace, word FROM ({_words()}) WHERE person = '{person.old}'"
    others = f"SELECT word FROM ({_words()}) WHERE person <> '{person.old}'"
    found = connection.sql(f"{own} AND word NOT IN ({others}) ORDER BY ALL").fetchall()
    return person, *(identity(keys, namespace, word) for namespace, word in found)


def rows_of(connection: duckdb.DuckDBPyConnection, person: Identity) -> int:
    """Rows of events that name the person."""
    ((count,),) = connection.sql(
        f"SELECT count(*) FROM {EVENTS_TABLE} WHERE {_is_of(person)}"
    ).fetchall()
    return int(count)


def days_of(
    connection: duckdb.DuckDBPyConnection, person: Identity, types: Iterable[str] = ()
) -> list[str]:
    """Reporting-local days on which events name the person."""
    listed = ", ".join(f"'{t}'" for t in sorted(types))
    of_types = f"AND type IN ({listed})" if listed else ""
    rows = connection.sql(
        f"SELECT DISTINCT local_date(occurred_at) AS day FROM {EVENTS_TABLE} "
        f"WHERE {_is_of(person)} {of_types} ORDER BY day"
    ).fetchall()
    return [str(day) for (day,) in rows]


def digests(
    connection: duckdb.DuckDBPyConnection, lake: Lake, catalog: Catalog, plan: Plan
) -> dict[str, str]:
    """Digests that tables hold of the person's pseudonyms, each with that of the successors."""
    found: dict[str, str] = {}
    for model in catalog.computed:
        for digest in _digests(model):
            if lake.exists(model.name) and _is_of_columns(model, digest):
                pin = lake.pin(model.name)
                create_view(connection, model.name, pin, pin.files)
                found |= dict(connection.sql(_both(model.name, digest, plan.pseudonyms)).fetchall())
    return found


def restated(catalog: Catalog, private: Private) -> Iterator[tuple[Model, bool]]:
    """Tables that must be made again for the person's days, since more than names change in them.

    True: on all of the person's days, not only those of private events.
    """
    for model in catalog.computed:
        unknown = any(not _is_of_columns(model, digest) for digest in _digests(model))
        unknown = unknown or _counts_by_block(model)
        if unknown or private.reads_events(model):
            yield model, unknown


def totals(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    catalog: Catalog,
    private: Mapping[str, frozenset[str]],
) -> dict[str, dict[str, int]]:
    """Rows of every table, and the sum of every whole number that is no person's own."""
    found = {}
    for model in catalog:
        if not lake.exists(model.name):
            continue
        pin = lake.pin(model.name)
        create_view(connection, "counted", pin, pin.files)
        numbers = [
            c.name
            for c in model.table.columns
            if c.type == "BIGINT"
            and c.name in pin.schema.names
            and c.name not in private[model.name]
        ]
        sums = "".join(f', coalesce(sum("{name}"), 0)' for name in numbers)
        (row,) = connection.sql(f"SELECT count(*){sums} FROM counted").fetchall()
        found[model.name] = dict(zip(["rows", *numbers], map(int, row), strict=True))
    return found


def _words() -> str:
    """(person, namespace, word) of every identifier that an event gives beside its person's."""
    selects = [
        f"SELECT actor_id AS person, '{namespace}' AS namespace, {column} AS word "
        f"FROM {EVENTS_TABLE} WHERE actor_id IS NOT NULL AND {column} IS NOT NULL"
        for column, namespace in (("device_id", "device"), ("address", "address"))
    ]
    for kind, event in EVENTS.items():
        fields = personal(schema_of(kind))
        people = [n for n, namespace in fields.items() if namespace == PERSON]
        named = [f"(data ->> '$.{n}')" for n in people]
        for name, namespace in fields.items():
            if namespace != PERSON:
                selects.append(
                    f"SELECT coalesce({', '.join([*named, 'actor_id'])}), '{namespace}', "
                    f"data ->> '$.{name}' FROM {EVENTS_TABLE} "
                    f"WHERE type = '{event.type}' AND (data ->> '$.{name}') IS NOT NULL"
                )
    return " UNION ALL ".join(selects)


def _is_of(person: Identity) -> str:
    return f"(actor_id = '{person.old}' OR contains(data, '{person.old}'))"


def _counts_by_block(model: Model) -> bool:
    """Whether blocks of addresses decide on its rows, which it does not hold beside the address."""
    if not model.sql or BLOCK in {column.name for column in model.table.columns}:
        return False
    named = model.tree.find_all(exp.Column)
    return any(column.name == BLOCK for column in named)


def _digests(model: Model) -> list[exp.Expr]:
    if not model.sql:
        return []
    return list(model.tree.find_all(*_DIGESTS))


def _is_of_columns(model: Model, digest: exp.Expr) -> bool:
    """Whether a row of the table holds all that the digest is made of."""
    declared = {c.name for c in model.header.columns}
    names = {c.name for c in digest.find_all(exp.Column)}
    return names <= declared and not digest.find(exp.AggFunc)


def _both(table: str, digest: exp.Expr, words: Mapping[str, str]) -> str:
    names = sorted({c.name for c in digest.find_all(exp.Column)})
    for column in digest.find_all(exp.Column):
        column.set("table", None)
    listed = ", ".join(f"'{word}'" for word in words)
    hit = " OR ".join(f"CAST({name} AS VARCHAR) IN ({listed})" for name in names)
    cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in words.items())
    renamed = ", ".join(
        f"CASE CAST({name} AS VARCHAR) {cases} ELSE CAST({name} AS VARCHAR) END AS {name}"
        for name in names
    )
    sql = digest.sql("duckdb")
    return f"""
    WITH held AS (SELECT row_number() OVER () AS n, {", ".join(names)} FROM {table} WHERE {hit}),
    renamed AS (SELECT n, {renamed} FROM held)
    SELECT DISTINCT old, new
    FROM (SELECT n, {sql} AS old FROM held) JOIN (SELECT n, {sql} AS new FROM renamed) USING (n)
    WHERE old IS NOT NULL
    """
