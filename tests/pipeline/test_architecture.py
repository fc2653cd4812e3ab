"""The rooms of `orchestration/`: their order, no import cycle, no flat module.

Sources are parsed and not imported. Imports inside functions and behind `TYPE_CHECKING` count.
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "orchestration"
ROOMS = (
    "commands",
    "pipeline",
    "forget",
    "audience",
    "reports",
    "release",
    "page",
    "discovery",
    "quality",
    "matching",
    "sources",
    "landing",
    "landing.redact",
    "landing.record",
    "landing.write",
    "landing.check",
    "landing.read",
    "demo",
    "engines",
    "value",
    "attribution",
    "returns",
    "promotions",
    "statistics",
    "messages",
    "config",
    "terminal",
    "system",
)
"""From top to bottom: a room imports from itself and from the rooms below it."""
FLAT = ("__main__", "definitions")
"""Modules whose names are used from outside: `python -m orchestration`, the code location of Dagster."""


def modules_of(package: Path) -> dict[str, Path]:
    """Every module of a package by its dotted name; a folder stands for its `__init__.py`."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(package: Path) -> dict[str, set[str]]:
    """By module the modules of the same package that it imports, wherever the import stands."""
    modules = modules_of(package)
    return {
        name: {
            target
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for imported in _imported(node, name, is_package=path.name == "__init__.py")
            if (target := _module(imported, modules)) and target != name
        }
        for name, path in modules.items()
    }


def _imported(node: ast.AST, importer: str, *, is_package: bool) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        parents = importer.split(".")
        parents = parents[: len(parents) - node.level + is_package]
        base = ".".join([*parents, base] if base else parents)
    return [f"{base}.{alias.name}" for alias in node.names]


def _module(imported: str, modules: dict[str, Path]) -> str | None:
    """The module that an imported name is, or is in."""
    if imported in modules:
        return imported
    holder = imported.rpartition(".")[0]
    return holder if holder in modules else None


def room_of(module: str) -> str | None:
    """The innermost room of `ROOMS` that holds a module."""
    parts = module.split(".")[1:]
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in ROOMS), None)


def outside_of_rooms(package: Path) -> list[str]:
    """Modules that no room of `ROOMS` holds."""
    return [
        name
        for name in modules_of(package)
        if "." in name and room_of(name) is None and name.split(".")[-1] not in FLAT
    ]


def upward_imports(package: Path) -> list[str]:
    """Imports from a room above the importing one."""
    found = []
    for module, targets in imports_of(package).items():
        for target in sorted(targets):
            room, other = room_of(module), room_of(target)
            if room and other and ROOMS.index(other) < ROOMS.index(room):
                found.append(f"{module} imports {target}: {other} is above {room}")
    return found


def cycles(package: Path) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others."""
    imports = imports_of(package)
    reached = {module: _reachable(module, imports) for module in imports}
    groups = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in imports
        if module in reached[module]
    }
    return sorted(sorted(group) for group in groups)


def _reachable(module: str, imports: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(imports[module])
    while waiting:
        target = waiting.pop()
        if target not in found:
            found.add(target)
            waiting += imports[target]
    return found


def undescribed_rooms(package: Path) -> list[str]:
    """Rooms without a docstring in their `__init__.py`, or with code in it."""
    found = []
    for room in ROOMS:
        path = package.joinpath(*room.split("."), "__init__.py")
        if path.parent.is_dir():
            tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else None
            if tree is None or not ast.get_docstring(tree) or len(tree.body) > 1:
                found.append(room)
    return found


CHECKS = (outside_of_rooms, upward_imports, cycles, undescribed_rooms)


@pytest.mark.parametrize("check", CHECKS)
def test_rooms_are_in_order(check) -> None:
    assert check(PACKAGE) == []


def test_every_room_exists() -> None:
    assert [room for room in ROOMS if not (PACKAGE / room.replace(".", "/")).is_dir()] == []


SOUND = {
    "__init__.py": '"""Package."""',
    "commands/__init__.py": '"""Commands."""',
    "commands/main.py": "from orchestration.config import settings",
    "config/__init__.py": '"""Config."""',
    "config/settings.py": "import os",
}
PLANTED = (
    (outside_of_rooms, {"flat.py": ""}, "orchestration.flat"),
    (outside_of_rooms, {"attic/__init__.py": '"""A room without a place."""'}, "orchestration.attic"),
    (
        upward_imports,
        {"config/home.py": "def run():\n    from orchestration.commands.main import app"},
        "orchestration.config.home imports orchestration.commands.main: commands is above config",
    ),
    (
        upward_imports,
        {"config/home.py": "from ..commands import main"},
        "orchestration.config.home imports orchestration.commands.main: commands is above config",
    ),
    (
        cycles,
        {
            "config/home.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
            "    from orchestration.config.lists import read",
            "config/lists.py": "import orchestration.config.home",
        },
        ["orchestration.config.home", "orchestration.config.lists"],
    ),
    (undescribed_rooms, {"config/__init__.py": "x = 1"}, "config"),
)  # fmt: skip


@pytest.mark.parametrize(("check", "planted", "finding"), PLANTED)
def test_planted_offence_is_found(check, planted, finding, tmp_path: Path) -> None:
    package = tmp_path / "orchestration"
    for name, text in SOUND.items():
        _write(package / name, text)
    assert [check(package) for check in CHECKS] == [[], [], [], []]
    for name, text in planted.items():
        _write(package / name, text)
    assert check(package) == [finding]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
