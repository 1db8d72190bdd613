"""Further campaigns and idle ones, written from those that are packaged."""

from pathlib import Path

import polars as pl
import yaml

from models.evaluation.campaigns import write_again, write_idle
from models.evaluation.labels import kind_of


def test_further_campaigns_are_of_the_same_kind(tmp_path: Path) -> None:
    packaged = {"is_fraud": True, "actors": {"per_1000": 3, "origin": "new", "camouflage": 0.1}}
    (tmp_path / "farm.yaml").write_text(yaml.safe_dump({**packaged, "errand": {"steps": []}}))
    (tmp_path / "family.yaml").write_text(yaml.safe_dump({"is_fraud": False}))
    write_again(tmp_path, tmp_path / "again", 2)
    write_idle(tmp_path, tmp_path / "idle")
    assert sorted(p.stem for p in (tmp_path / "again").iterdir()) == ["farm_again1", "farm_again2"]
    idle = yaml.safe_load((tmp_path / "idle" / "farm_idle.yaml").read_text())
    assert "errand" not in idle
    assert idle["actors"] == {
        "per_1000": 3,
        "origin": "new",
        "camouflage": 1.0,
        "labels": "person",
    }
    kinds = pl.Series(["farm", "farm_again2", "farm_idle"]).to_frame("c")
    assert kinds.select(kind_of(pl.col("c"))).to_series().to_list() == ["farm"] * 3
