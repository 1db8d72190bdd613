"""A long history is computed in portions, and says the same."""

from pathlib import Path

import pytest

from pipelines.warehouse import portions
from tests.events import viewed
from tests.warehouse.acts import local
from tests.warehouse.nightly import deliver, hashes, house, night

VIEWS = [
    viewed(f"v{day}-{n}", local(f"2026-08-0{day} 12:00:00"))
    for day, views in {1: 2, 2: 1, 3: 5, 6: 2}.items()
    for n in range(views)
]
TABLES = ("gold.brand_daily", "silver.sessions")
pytestmark = pytest.mark.usefixtures("without_audits")


def test_days_are_computed_together_as_long_as_their_rows_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = house(tmp_path / "whole", tables=TABLES)
    deliver(whole, *VIEWS)
    night(whole)
    monkeypatch.setattr(portions, "ROWS", 3)
    split = house(tmp_path / "split", whole.settings.platform_url, TABLES)
    deliver(split, *VIEWS)
    published = [str(p.window) for p in night(split) if p.table == "silver.product_views"]
    assert published == [
        "2026-08-01..2026-08-02",
        "2026-08-03..2026-08-05",
        "2026-08-06..2026-08-06",
    ]
    assert hashes(split) == hashes(whole)
