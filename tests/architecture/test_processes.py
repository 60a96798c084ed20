"""No process is begun where a cancellation may come half-way: asyncio would kill it and nobody would wait for it."""

from __future__ import annotations

import ast

from tests.architecture import tree

_SHIELD = "anyio.CancelScope(shield=True)"


def test_every_process_is_begun_behind_a_shield() -> None:
    modules = {path: tree.parse(path) for path in tree.modules()}
    starts = {path: [call for call in tree.calls(module) if _begins(call)] for path, module in modules.items()}
    assert any(starts.values())
    tree.expect_none(
        f"{tree.name(path)}:{start.lineno}: begin it in `with {_SHIELD}:`"
        for path, module in modules.items()
        for start in starts[path]
        if not any(start in tree.calls(block) for block in ast.walk(module) if _is_shield(block))
    )


def _begins(call: ast.Call) -> bool:
    return tree.called(call) == "open_process"


def _is_shield(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and [ast.unparse(item.context_expr) for item in node.items] == [_SHIELD]
