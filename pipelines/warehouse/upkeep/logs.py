"""Delta logs: commits before the last checkpoint that old readers need are not read any more."""

import re
from pathlib import Path
from typing import Final

from deltalake import DeltaTable

_COMMIT: Final = re.compile(r"^(\d{20})\.json$")
_CHECKPOINT: Final = re.compile(r"^(\d{20})\.checkpoint\.parquet$")


def trim(root: Path, oldest: int) -> int:
    """Remove what a reader of version ``oldest`` or a later one does not open.

    Returns:
        How many files have gone.
    """
    log = root / "_delta_log"
    checkpoints = _numbered(log, _CHECKPOINT)
    start = max((v for v in checkpoints if v <= oldest), default=None)
    if start is None:
        return 0
    old = [p for v, p in _numbered(log, _COMMIT).items() if v < start]
    old += [p for v, p in checkpoints.items() if v < start]
    for path in old:
        path.unlink()
    DeltaTable(root)  # what is left can be opened
    return len(old)


def _numbered(log: Path, pattern: re.Pattern[str]) -> dict[int, Path]:
    return {int(m[1]): p for p in log.iterdir() if (m := pattern.match(p.name))}
