"""Campaign files, read and checked: adding a kind of fraud or of honest crowd is adding a file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from platform_core.simulation.groups.schema import Group

__all__ = ["PACKAGED", "Group", "GroupError", "load"]

PACKAGED: Final = Path(__file__).parent / "campaigns"


class GroupError(ValueError):
    """A campaign file is wrong; the message names the file and the field."""


def load(paths: Iterable[Path] = (PACKAGED,)) -> tuple[Group, ...]:
    """Every group that the files describe, in the order of their names.

    Args:
        paths: YAML files, or folders of them.

    Raises:
        GroupError: a file is missing or no YAML, says something unknown, or is the twin of a
            kind that no file describes.
    """
    described: dict[str, tuple[Path, Group]] = {}
    for file in _files(paths):
        group = _group(file)
        if group.id in described:
            raise GroupError(f"{file}: {group.id!r} stands in {described[group.id][0]} already")
        described[group.id] = file, group
    for file, group in described.values():
        _check_twins(file, group, {name for name, (_, g) in described.items() if g.is_fraud})
    return tuple(described[name][1] for name in sorted(described))


def _files(paths: Iterable[Path]) -> list[Path]:
    files = []
    for path in paths:
        if not path.exists():
            raise GroupError(f"{path}: there is no such file or folder")
        files += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return files


def _group(file: Path) -> Group:
    try:
        return Group(id=file.stem, **_content(file))
    except ValidationError as error:
        wrong = "; ".join(_worded(detail) for detail in error.errors())
        raise GroupError(f"{file}: {wrong}") from error


def _content(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text())
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GroupError(f"{file}: no readable YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise GroupError(f"{file}: a campaign file is a mapping of fields, see {PACKAGED.name}/")
    if "id" in content:
        raise GroupError(f"{file}: id: leave it out, the file's name is the id")
    return content


def _worded(wrong: ErrorDetails) -> str:
    field = ".".join(map(str, wrong["loc"])) or "the file"
    message = wrong["msg"].removeprefix("Value error, ")
    return f"{field}: {message}"


def _check_twins(file: Path, group: Group, frauds: set[str]) -> None:
    for twin in group.twin_of:
        if twin not in frauds:
            known = ", ".join(sorted(frauds)) or "none"
            raise GroupError(f"{file}: twin_of: no fraud is called {twin!r} (known: {known})")
