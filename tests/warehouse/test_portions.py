"""A long history is computed in portions, and says the same."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import portions
from tests.events import event, viewed
from tests.warehouse.acts import local
from tests.warehouse.nightly import deliver, hashes, house, night


def shown(request: str) -> dict[str, Any]:
    return {"note_id": "n1", "request_id": request, "surface": "feed", "position": 1}


ACTS = [
    act
    for day, times in {1: 2, 2: 1, 3: 5, 6: 2}.items()
    for n in range(times)
    for at in [local(f"2026-08-0{day} 12:00:00")]
    for act in (
        viewed(f"v{day}-{n}", at),
        event("note.impressed", f"i{day}-{n}", at, actorid="ann", **shown(f"r{day}-{n}")),
    )
]
TABLES = ("gold.brand_daily", "gold.creator_daily", "silver.sessions")


def test_days_are_computed_together_as_long_as_their_rows_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = house(tmp_path / "whole", tables=TABLES)
    deliver(whole, *ACTS)
    night(whole)
    monkeypatch.setattr(portions, "ROWS", 3)
    split = house(tmp_path / "split", whole.settings.platform_url, TABLES)
    deliver(split, *ACTS)
    published = [str(p.window) for p in night(split) if p.table == "silver.product_views"]
    assert published == [
        "2026-08-01..2026-08-02",
        "2026-08-03..2026-08-05",
        "2026-08-06..2026-08-06",
    ]
    assert hashes(split) == hashes(whole)
