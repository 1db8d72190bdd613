"""A real PostgreSQL server for tests: its own data folder, one socket, nothing kept."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa

HOMES = "/usr/lib/postgresql"
SUPERUSER = "postgres"
FASTER = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class Server:
    """A running server; ``database(template)`` makes one more database on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self._folder}"

    def database(self, template: str = "template1") -> str:
        """The address of a new database that is a copy of ``template``."""
        name = f"meadow_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def server() -> Iterator[Server]:
    """Start a server that listens on a socket in a folder of its own, and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="pg") as place:
        folder = Path(place)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, SUPERUSER)
        data = str(folder / "data")
        _run("initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' {FASTER}"
        log = str(folder / "log")
        _run("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)
        try:
            yield Server(folder)
        finally:
            _run("pg_ctl", "stop", "-D", data, "-m", "immediate")


def _run(program: str, *arguments: str) -> None:
    user = {"user": SUPERUSER, "group": SUPERUSER} if os.geteuid() == 0 else {}
    command = [_path(program), *arguments]
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        extra_groups=[] if user else None,
        check=False,
        **user,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")


def _path(program: str) -> str:
    """Debian keeps the server's programs off the PATH."""
    homes = sorted(Path(HOMES).glob(f"*/bin/{program}"))
    found = str(homes[-1]) if homes else shutil.which(program)
    if not found:
        raise RuntimeError(f"{program} is not installed: `bash .ci/system-packages` installs it")
    return found
