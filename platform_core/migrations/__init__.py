"""The database's versions, one file each, applied in order when a database is opened.

``python -m platform_core.migrations "what changes"`` writes the next one from the difference
between the tables as declared and the versions so far.
"""

from platform_core.migrations.upgrade import upgrade

__all__ = ["upgrade"]
