"""Quarantined lines of a person: what is sealed is opened, and sealed again without them."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.warehouse.ingest.quarantine import opened, seal
from pipelines.warehouse.upkeep.files import put_in_place
from pipelines.warehouse.upkeep.lines import STUB, Eraser


def hits(path: Path, eraser: Eraser) -> list[int]:
    """Positions of the rows whose raw line holds a word of the person."""
    table = pq.read_table(path, columns=["quarantine_id", "raw"], partitioning=None)
    rows = zip(table["quarantine_id"].to_pylist(), table["raw"].to_pylist(), strict=True)
    key = eraser.keys.quarantine
    return [
        n for n, (name, raw) in enumerate(rows) if raw and eraser.concerns(opened(key, name, raw))
    ]


def rewrite(path: Path, eraser: Eraser) -> int:
    """Put a stub in place of the person's raw lines. Returns how many there were."""
    found = hits(path, eraser)
    if not found:
        return 0
    table = pq.read_table(path, partitioning=None)
    names, raw = table["quarantine_id"].to_pylist(), table["raw"].to_pylist()
    details = table["detail"].to_pylist()
    for position in found:
        raw[position] = seal(eraser.keys.quarantine, names[position], STUB)
        details[position] = ""
    for column, values in (("raw", raw), ("detail", details)):
        at = table.schema.get_field_index(column)
        table = table.set_column(
            at, table.schema.field(at), pa.array(values, table.schema.field(at).type)
        )
    temporary, size = path.with_name(f".{path.name}.tmp"), path.stat().st_size
    pq.write_table(table, temporary, compression="zstd", compression_level=19)
    put_in_place(temporary, path, size)
    return len(found)
