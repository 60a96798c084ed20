"""tests/unit mirrors the code path by path: every module has its test file, every test file its module."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture import tree
from tests.parts import ROOT

UNIT = ROOT / "tests" / "unit"
MAIN_STATEMENTS = 6  # docstring, future import, imports, the guarded call

# Modules without a test file of their own, each with the reason. A line whose module is gone fails.
TESTED_ELSEWHERE: dict[str, str] = {}


def test_every_module_has_its_test_file() -> None:
    tree.expect_none(
        f"{tree.name(path)} has no {_test_file(path).relative_to(ROOT)}"
        for path in tree.modules()
        if not _has_no_behaviour(path) and tree.name(path) not in TESTED_ELSEWHERE and not _test_file(path).exists()
    )


def test_every_unit_test_file_has_its_module() -> None:
    expected = {_test_file(path) for path in tree.modules()}
    found = (path for path in tree.modules("tests/unit") if path.name.startswith("test_"))
    tree.expect_none(tree.name(path) for path in found if path not in expected)


def test_the_exceptions_are_still_needed() -> None:
    tree.expect_none(
        name for name in TESTED_ELSEWHERE if not (ROOT / name).exists() or _test_file(ROOT / name).exists()
    )


def _test_file(path: Path) -> Path:
    """parleqd/core/text/fillers.py → tests/unit/core/text/test_fillers.py; clients keep their folder."""
    inner = path.relative_to(ROOT).relative_to("parleqd") if path.is_relative_to(ROOT / "parleqd") else None
    place = inner if inner is not None else path.relative_to(ROOT)
    stem = place.stem.strip("_") if place.name != "__init__.py" else "package"
    return UNIT / place.parent / f"test_{stem}.py"


def _has_no_behaviour(path: Path) -> bool:
    """Names, data types, ports and ``__main__`` modules of one call: no function that does anything."""
    module = tree.parse(path)
    if path.name == "__main__.py":
        return len(module.body) <= MAIN_STATEMENTS
    return all(_is_only_documented(function) for function in tree.functions(module))


def _is_only_documented(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A port's method: a docstring (or ``...``) and nothing else."""
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in function.body)
