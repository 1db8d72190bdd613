"""Which model of each subject is in use, as values for the tables' parameters."""

import json
from pathlib import Path

from models.learning import LEARNERS
from models.scores import CHAMPION


def champions(folder: Path) -> dict[str, str]:
    """``champion_<name>`` to version, of those subjects that have a champion.

    The pointers alone are read: what they point to is checked when it is used.
    """
    pointers = {one.parameter: folder / one.detector / CHAMPION for one in LEARNERS}
    return {
        name: str(json.loads(path.read_bytes())["version"])
        for name, path in pointers.items()
        if path.exists()
    }
