"""The project's own Python modules, found on disk: what the architecture tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.parts import ROOT

CODE = ("parleqd", "clients/parleq_client", "clients/parleqctl", "clients/parleq_hotkey")


def modules(*folders: str) -> list[Path]:
    """Every Python module below these folders of the project (none given: all of the code), in order."""
    return sorted(path for folder in folders or CODE for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    """The module's path below the project's root, as people write it."""
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones included."""
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(within: ast.AST) -> Iterator[ast.Call]:
    """Every call below a node."""
    return (node for node in ast.walk(within) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """What is called, without the module or object that it is of."""
    return ast.unparse(call.func).rpartition(".")[2]


def expect_none(problems: Iterable[str]) -> None:
    """Fail with one line a problem: whole, where an assertion on a list would be cut short."""
    if found := "\n".join(problems):
        pytest.fail(found, pytrace=False)
