"""Further campaigns for a town: every kind once more, or accounts of every kind that do nothing."""

import shutil
from pathlib import Path
from typing import Any, Final

import yaml

from models.evaluation.subjects import AGAIN, IDLE

WHO: Final = ("per_1000", "at_least", "origin", "joins")
"""What idle accounts have in common with those of the campaign; how they hide is left out."""


def write_again(campaigns: Path, folder: Path, times: int) -> None:
    """Copies of every campaign that is fraud, under names that say which kind they are of."""
    folder.mkdir(parents=True)
    for file, _ in _frauds(campaigns):
        for number in range(1, times + 1):
            shutil.copy(file, folder / f"{file.stem}{AGAIN}{number}.yaml")


def write_idle(campaigns: Path, folder: Path) -> None:
    """Campaigns of strength 0: as many accounts, as old, who live like anybody without errands."""
    folder.mkdir(parents=True)
    for file, said in _frauds(campaigns):
        actors = {key: said["actors"][key] for key in WHO if key in said["actors"]}
        alive = {"camouflage": 1.0, "labels": "person"}
        idle = {key: value for key, value in said.items() if key != "errand"}
        idle["actors"] = {**actors, **alive}
        (folder / f"{file.stem}{IDLE}.yaml").write_text(yaml.safe_dump(idle, allow_unicode=True))


def _frauds(campaigns: Path) -> list[tuple[Path, dict[str, Any]]]:
    read = [(file, yaml.safe_load(file.read_text())) for file in sorted(campaigns.glob("*.yaml"))]
    return [(file, said) for file, said in read if said["is_fraud"]]
