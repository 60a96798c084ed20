"""No process is begun where a cancellation may come half-way: asyncio would kill it and nobody would wait for it."""

from __future__ import annotations

import ast

from tests.architecture import tree

_SHIELD = "anyio.CancelScope(shield=True)"


def test_every_process_is_begun_behind_a_shield() -> None:
    modules = {path: tree.parse(path) for path in tree.modules()}
    starts = {path: _starts(module) for path, module in modules.items()}
    assert any(starts.values())
    tree.expect_none(
        f"{tree.name(path)}:{start.lineno}: begin it in `with {_SHIELD}:`"
        for path, module in modules.items()
        for start in starts[path]
        if not any(start in _starts(block) for block in ast.walk(module) if _is_shield(block))
    )


def _starts(within: ast.AST) -> list[ast.Call]:
    calls = [node for node in ast.walk(within) if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == "anyio.open_process"]


def _is_shield(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and [ast.unparse(item.context_expr) for item in node.items] == [_SHIELD]
