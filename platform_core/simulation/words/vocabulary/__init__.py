"""The words that the town is made of: names, prices, places and sentences, as data."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """What ``<name>.yaml`` says; read once.

    Raises:
        ValueError: there is no such file, or it is not a mapping.
    """
    path = FOLDER / f"{name}.yaml"
    if not path.exists():
        known = ", ".join(sorted(other.stem for other in FOLDER.glob("*.yaml")))
        raise ValueError(f"no vocabulary {name!r}; there are: {known}")
    said = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    if not isinstance(said, dict):
        raise ValueError(f"{path}: expected a mapping of names, found {type(said).__name__}")
    return said
