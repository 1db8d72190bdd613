"""Write the next version of the database from what has changed in the declared tables."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from platform_core.database import connect
from platform_core.migrations.alembic_config import config
from platform_core.migrations.upgrade import newest


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit('usage: python -m platform_core.migrations "what changes"')
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'platform.db'}")
        with engine.begin() as connection:
            command.revision(
                config(connection),
                message=sys.argv[1],
                autogenerate=True,
                rev_id=f"{int(newest()) + 1:04d}",
            )


if __name__ == "__main__":
    main()
