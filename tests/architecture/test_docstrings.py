"""Every public module, class, function and method says what it is for; a class of fields lets them speak."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture import tree

# What a handler does is said once, in the protocol's table of methods, from which the reference is written.
HANDLERS = "parleqd/rpc/handlers/"

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_everything_public_has_a_docstring() -> None:
    tree.expect_none(
        f"{tree.name(path)}: {what} has no docstring"
        for path in tree.modules()
        for what in _silent(tree.parse(path), "")
        if not (tree.name(path).startswith(HANDLERS) and what != "the module")
    )


def _silent(node: Documented, name: str) -> Iterator[str]:
    """What has no docstring, from here downwards; functions inside functions are private."""
    public = [
        inner
        for inner in node.body
        if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and inner.name[0] != "_"
    ]
    if not ast.get_docstring(node) and (public or not isinstance(node, ast.ClassDef)):
        yield name or "the module"
    if isinstance(node, ast.Module | ast.ClassDef):
        for inner in public:
            yield from _silent(inner, f"{name}.{inner.name}".strip("."))
