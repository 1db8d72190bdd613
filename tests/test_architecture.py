"""The house's floors, held as data and checked from every import of the five packages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("platform_core", "features", "models", "pipelines", "dashboards")

FLOORS = {
    "pipelines.cli": 6,
    "dashboards": 5,
    "pipelines.defs": 4,
    "pipelines.definitions": 4,
    "pipelines.sources": 4,
    "models": 3,
    "features": 2,
    "pipelines.warehouse": 1,
    "platform_core": 0,
}
"""DESIGN.md, section 1: a floor imports itself and floors below; the longest prefix decides."""

FRAMEWORKS = {
    "dagster": ("pipelines.defs", "pipelines.definitions"),
    "streamlit": ("dashboards",),
    "pyspark": ("pipelines.warehouse.engines.spark",),
    "great_expectations": ("pipelines.warehouse.audit",),
    "typer": ("pipelines.cli",),
    "fastapi": ("platform_core.collector.http",),
    "alembic": ("platform_core.migrations",),
    "tantivy": ("platform_core.search",),
}
"""The only modules, with all below them, that may import a framework."""


def is_within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(f"{prefix}.")


def floor(module: str) -> int | None:
    """The floor of a module of ours; None for everybody else's."""
    known = [prefix for prefix in FLOORS if is_within(module, prefix)]
    return FLOORS[max(known, key=len)] if known else None


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


EVERY_IMPORT = [
    (module, f"{path.relative_to(ROOT)}:{line}", name)
    for module, path in modules()
    for line, name in imports(path)
]


def test_every_module_that_imports_anything_stands_on_a_floor() -> None:
    assert {module for module, _, _ in EVERY_IMPORT if floor(module) is None} == set()


def test_imports_are_absolute_so_that_their_floor_can_be_read() -> None:
    assert [place for _, place, name in EVERY_IMPORT if name.startswith(".")] == []


def test_a_floor_imports_only_itself_and_floors_below() -> None:
    climbing = [
        f"{place} imports {name}"
        for module, place, name in EVERY_IMPORT
        if (target := floor(name)) is not None and target > (floor(module) or 0)
    ]
    assert climbing == []


def test_pages_never_import_the_orchestration() -> None:
    found = [
        place
        for module, place, name in EVERY_IMPORT
        if is_within(module, "dashboards") and is_within(name, "pipelines.defs")
    ]
    assert found == []


@pytest.mark.parametrize(("framework", "homes"), FRAMEWORKS.items())
def test_a_framework_stays_in_its_home(framework: str, homes: tuple[str, ...]) -> None:
    astray = [
        place
        for module, place, name in EVERY_IMPORT
        if is_within(name, framework) and not any(is_within(module, home) for home in homes)
    ]
    assert astray == []


def test_the_package_of_the_floors_between_is_empty() -> None:
    assert (ROOT / "pipelines" / "__init__.py").read_text() == ""


def test_only_entry_points_know_the_simulation() -> None:
    """What knows the truth is imported by nobody who might be judged by it."""
    entry_points = ("pipelines.defs.town", "platform_core.simulation")
    astray = [
        place
        for module, place, name in EVERY_IMPORT
        if is_within(name, "platform_core.simulation")
        and not any(is_within(module, home) for home in entry_points)
    ]
    assert astray == []


JUDGES = Path("models/evaluation/labels.py")
"""The one module outside of the simulation that reads why things happened."""


def test_nobody_but_the_judges_know_them() -> None:
    """What is judged may not learn from those who judge it."""
    known = ("models.evaluation", "pipelines.cli.evaluate", "pipelines.cli.evaluated_towns")
    astray = [
        place
        for module, place, name in EVERY_IMPORT
        if is_within(name, "models.evaluation")
        and not any(is_within(module, judge) for judge in known)
    ]
    assert astray == []


def test_nobody_but_the_simulation_and_its_judges_name_the_folder_of_the_truth() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in {".py", ".sql", ".yaml"} and "simulation" not in path.parts
        if path.relative_to(ROOT) != JUDGES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if "truth" in line.lower()
    ]
    assert named == []
