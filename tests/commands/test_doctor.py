"""The doctor finds what is amiss and says how to mend it."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.meadow import Command


@pytest.fixture
def ports() -> Iterator[tuple[socket.socket, dict[str, str]]]:
    """A socket that holds one port, and settings that name it and a free one."""
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            free = other.getsockname()[1]
        yield held, {"dashboard_port": str(held.getsockname()[1]), "dagster_port": str(free)}


@pytest.mark.skipif(not shutil.which("chromium"), reason="the doctor would miss Chromium")
def test_a_healthy_installation_has_nothing_to_mend(
    command: Command, tmp_path: Path, ports: tuple[socket.socket, dict[str, str]]
) -> None:
    held, settings = ports
    held.close()
    said = command(tmp_path, "doctor", **settings)
    assert said.status == 0
    assert all(line.startswith("ok ") for line in said.output.splitlines())
    assert {"python", "duckdb", "home", "time zone", "platform database"} <= {
        line.split(": ")[0].removeprefix("ok").strip() for line in said.output.splitlines()
    }


def test_a_port_in_use_is_found_with_its_remedy(
    command: Command, tmp_path: Path, ports: tuple[socket.socket, dict[str, str]]
) -> None:
    _, settings = ports
    said = command(tmp_path, "doctor", **settings)
    assert said.status == 1
    complaint, remedy = said.output.split("MEND  port of dashboards: ")[1].splitlines()[:2]
    assert complaint == f"127.0.0.1:{settings['dashboard_port']}: Address already in use"
    assert remedy.strip() == "stop what listens there, or set MEADOW_DASHBOARD_PORT"


def test_an_unknown_time_zone_a_wrong_home_and_a_wrong_database_are_found(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path}/file/platform.db"
    said = command(tmp_path / "file", "doctor", timezone="Asia/Shanghigh", database_url=url)
    assert said.status == 1
    assert "MEND  time zone: 'Asia/Shanghigh' is unknown" in said.output
    assert "set MEADOW_HOME to a folder that can be written" in said.output
    assert "mend MEADOW_DATABASE_URL" in said.output
