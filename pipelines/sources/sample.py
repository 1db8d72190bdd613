"""Small streams that the project makes itself, in the shape of the real ones, for the demo.

The same seed makes the same bytes. Names, prices, people and clicks are invented.
"""

from datetime import date
from pathlib import Path

import polars as pl

from pipelines.sources.sample_ads import ad_clicks
from pipelines.sources.sample_shop import shop_rows


def write_samples(folder: Path, *, seed: int, days: int, last_day: date) -> dict[str, Path]:
    """Write one CSV a source, by the source's name.

    ``last_day`` is the last Shanghai day of ``days``. The file names say what made them, because
    event ids start with them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = f"{last_day.isoformat()}-{days}d-{seed}"
    return {
        "rees46": _written(shop_rows(seed, days, last_day), folder / f"shop-{mark}.csv"),
        "talkingdata": _written(ad_clicks(seed, days, last_day), folder / f"ads-{mark}.csv"),
    }


def _written(frame: pl.DataFrame, path: Path) -> Path:
    frame.write_csv(path)
    return path
