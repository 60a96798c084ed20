"""The module map of ARCHITECTURE.md: every Python module with the first line of its docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("parleqd", "clients/parleq_client", "clients/parleqctl", "clients/parleq_hotkey")


def module_map(root: Path) -> str:
    """A Markdown table, one row a module, packages in bold before what they hold."""
    rows = [_row(root, path) for package in PACKAGES for path in _modules(root / package)]
    return "\n".join(["| module | what it does |", "| --- | --- |", *rows])


def first_line(path: Path) -> str:
    """The first line of a module's docstring. Raises ``ValueError`` when there is none: the map needs it."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not docstring:
        raise ValueError(f"{path} has no docstring; its first line should say what the module is for")
    return docstring.splitlines()[0]


def _modules(folder: Path) -> Iterator[Path]:
    """A package's ``__init__``, then its modules, then its sub-packages, each in alphabetical order."""
    if (folder / "__init__.py").exists():
        yield folder / "__init__.py"
    yield from sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield from _modules(inner)


def _row(root: Path, path: Path) -> str:
    what = first_line(path).replace("|", "\\|")
    name = path.relative_to(root).as_posix()
    if path.name == "__init__.py":
        return f"| **`{name.removesuffix('__init__.py')}`** | **{what}** |"
    return f"| `{name}` | {what} |"
