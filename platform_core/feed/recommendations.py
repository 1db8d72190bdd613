"""What the warehouse recommends to each person, where it has published that."""

from pathlib import Path
from typing import Final

import polars as pl

FILE: Final = Path("published") / "recommendations.parquet"
"""Where the warehouse publishes, under ``MEADOW_HOME``."""
SCHEMA: Final = pl.Schema({"user_id": pl.String, "note_id": pl.String, "score": pl.Float64})


def published_recommendations(home: Path) -> pl.DataFrame | None:
    """Rows of ``SCHEMA``, a higher score first to be shown; None if there are none yet.

    Raises:
        ValueError: the file has not these columns.
    """
    path = home / FILE
    if not path.exists():
        return None
    read = pl.read_parquet(path)
    if missing := SCHEMA.keys() - set(read.columns):
        raise ValueError(f"{path}: columns {', '.join(sorted(missing))} are missing")
    return read.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
