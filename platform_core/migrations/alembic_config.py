"""How Alembic finds the versions, and the connection that it works on."""

import sqlalchemy as sa
from alembic.config import Config

from platform_core.migrations.upgrade import FOLDER


def config(connection: sa.Connection) -> Config:
    """Alembic's configuration for work on this connection, within its transaction."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made
