"""A night in a process of its own, which holds one Spark session: ``batch.py HOME TABLE...``."""

import sys
from pathlib import Path

from tests.warehouse.nightly import house, night

if __name__ == "__main__":
    home, *tables = sys.argv[1:]
    meadow = house(Path(home), tables=tables)
    try:
        night(meadow)
    finally:
        meadow.platform.dispose()
