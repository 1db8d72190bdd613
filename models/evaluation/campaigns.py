"""Further campaigns for a town: every kind once more, as it is packaged or varied, or accounts of
every kind that do nothing."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from models.evaluation.subjects import AGAIN, AS, IDLE

WHO: Final = ("per_1000", "at_least", "origin", "joins")
"""What idle accounts have in common with those of the campaign; how they hide is left out."""
Said = dict[str, Any]


def _times_as_strong(factor: float) -> Callable[[Said], Said]:
    return lambda said: {**said, "strength": said.get("strength", 1.0) * factor}


def _covered(change: Callable[[float], float]) -> Callable[[Said], Said | None]:
    """With another part of an ordinary life as cover; nothing of people who live it anyway."""

    def varied(said: Said) -> Said | None:
        cover = said["actors"].get("camouflage")
        if cover is None:
            return None
        return {**said, "actors": {**said["actors"], "camouflage": change(cover)}}

    return varied


VARIANTS: Final[Mapping[str, Callable[[Said], Said | None]]] = {
    "quarter": _times_as_strong(0.25),
    "half": _times_as_strong(0.5),
    "double": _times_as_strong(2.0),
    "bare": _covered(lambda cover: 0.0),
    "covered": _covered(lambda cover: (1 + cover) / 2),
}
"""A quarter to twice as strong, and without cover or with half of what is bare covered."""


def write_again(campaigns: Path, folder: Path, times: int) -> None:
    """Copies of every campaign that is fraud, under names that say which kind they are of."""
    folder.mkdir(parents=True)
    for file, _ in _frauds(campaigns):
        for number in range(1, times + 1):
            shutil.copy(file, folder / f"{file.stem}{AGAIN}{number}.yaml")


def write_varied(campaigns: Path, folder: Path, variant: str) -> None:
    """Every campaign that is fraud once more, varied; see ``VARIANTS``."""
    folder.mkdir(parents=True)
    for file, said in _frauds(campaigns):
        if varied := VARIANTS[variant](said):
            _write(varied, folder / f"{file.stem}{AS}{variant}.yaml")


def write_idle(campaigns: Path, folder: Path) -> None:
    """Campaigns of strength 0: as many accounts, as old, who live like anybody without errands."""
    folder.mkdir(parents=True)
    for file, said in _frauds(campaigns):
        actors = {key: said["actors"][key] for key in WHO if key in said["actors"]}
        alive = {"camouflage": 1.0, "labels": "person"}
        idle = {key: value for key, value in said.items() if key != "errand"}
        idle["actors"] = {**actors, **alive}
        _write(idle, folder / f"{file.stem}{IDLE}.yaml")


def _write(said: Said, file: Path) -> None:
    file.write_text(yaml.safe_dump(said, allow_unicode=True))


def _frauds(campaigns: Path) -> list[tuple[Path, Said]]:
    read = [(file, yaml.safe_load(file.read_text())) for file in sorted(campaigns.glob("*.yaml"))]
    return [(file, said) for file, said in read if said["is_fraud"]]
