"""Sizes: a module fits in a head, a function on a screen, a constructor on a line."""

from __future__ import annotations

import ast
from statistics import median

from tests.architecture import tree

MODULE_LINES = 400
MEDIAN_MODULE_LINES = 150
FUNCTION_LINES = 50
CONSTRUCTOR_PARAMETERS = 8


def test_no_module_is_too_long() -> None:
    tree.expect_none(
        f"{tree.name(path)} has {lines} lines; at most {MODULE_LINES}"
        for path in tree.modules(*tree.CODE, "tests")
        if (lines := _lines(path.read_text("utf-8"))) > MODULE_LINES
    )


def test_the_median_module_is_short() -> None:
    lengths = [_lines(path.read_text("utf-8")) for path in tree.modules() if path.name != "__init__.py"]
    assert median(lengths) <= MEDIAN_MODULE_LINES


def test_no_function_is_too_long() -> None:
    tree.expect_none(
        f"{tree.name(path)}:{function.lineno} {function.name} has {lines} lines; at most {FUNCTION_LINES}"
        for path in tree.modules()
        for function in tree.functions(tree.parse(path))
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    )


def test_no_constructor_takes_too_much() -> None:
    tree.expect_none(
        f"{tree.name(path)}:{function.lineno} takes {parameters} parameters; at most {CONSTRUCTOR_PARAMETERS}"
        for path in tree.modules()
        for function in tree.functions(tree.parse(path))
        if function.name == "__init__" and (parameters := _parameters(function)) > CONSTRUCTOR_PARAMETERS
    )


def _lines(text: str) -> int:
    return len(text.splitlines())


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """All but ``self``."""
    arguments = function.args
    return len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs) - 1
