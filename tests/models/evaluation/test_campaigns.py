"""Further campaigns and idle ones, written from those that are packaged."""

from pathlib import Path

import polars as pl
import yaml

from models.evaluation.campaigns import VARIANTS, write_again, write_idle, write_varied
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
    kinds = pl.Series(["farm", "farm_again2", "farm_idle", "farm_as_half"]).to_frame("c")
    assert kinds.select(kind_of(pl.col("c"))).to_series().to_list() == ["farm"] * 4


def test_campaigns_are_varied_in_strength_and_in_what_covers_them(tmp_path: Path) -> None:
    (tmp_path / "farm.yaml").write_text(
        yaml.safe_dump({"is_fraud": True, "strength": 2.0, "actors": {"camouflage": 0.1}})
    )
    (tmp_path / "pod.yaml").write_text(yaml.safe_dump({"is_fraud": True, "actors": {}}))
    (tmp_path / "family.yaml").write_text(yaml.safe_dump({"is_fraud": False}))
    written = {}
    for variant in VARIANTS:
        write_varied(tmp_path, tmp_path / variant, variant)
        for file in (tmp_path / variant).iterdir():
            written[file.stem] = yaml.safe_load(file.read_text())
    assert {name: said["strength"] for name, said in written.items() if "strength" in said} == {
        "farm_as_quarter": 0.5,
        "farm_as_half": 1.0,
        "farm_as_double": 4.0,
        "farm_as_bare": 2.0,
        "farm_as_covered": 2.0,
        "pod_as_quarter": 0.25,
        "pod_as_half": 0.5,
        "pod_as_double": 2.0,
    }
    assert written["farm_as_bare"]["actors"]["camouflage"] == 0.0
    assert written["farm_as_covered"]["actors"]["camouflage"] == 0.55
