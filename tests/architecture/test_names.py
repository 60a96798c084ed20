"""Names: no drawer for odds and ends, and every reason is one that somebody gives and the reference lists."""

from __future__ import annotations

import ast
from pathlib import Path

from parleqd.protocol.names import Reason
from tests.architecture import tree
from tests.parts import ROOT

DRAWERS = {"base", "common", "helper", "helpers", "manager", "misc", "tools", "util", "utils"}
VAGUE_CLASS_ENDINGS = ("Helper", "Manager", "Util", "Utils")
REFERENCE = ROOT / "PROTOCOL.md"

# Promised to clients already, given once their part is there: the test fails when a line outlives its wait.
AWAITED: set[Reason] = set()


def test_no_module_is_a_drawer() -> None:
    tree.expect_none(
        f"{tree.name(path)}: name it after what it is for"
        for path in tree.modules(*tree.CODE, "tests")
        if DRAWERS & {path.stem, path.parent.name}
    )


def test_no_class_manages_or_helps() -> None:
    tree.expect_none(
        f"{tree.name(path)}:{node.lineno} {node.name}: name it after what it is"
        for path in tree.modules(*tree.CODE, "tests")
        for node in ast.walk(tree.parse(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(VAGUE_CLASS_ENDINGS)
    )


def test_every_reason_is_given_somewhere() -> None:
    product = [path for path in tree.modules() if path.name != "names.py" and "_tools" not in path.parts]
    given = {name for path in product for name in _reasons_named(path)}
    tree.expect_none(
        f"Reason.{reason.name} is given nowhere: give it, or drop it"
        for reason in set(Reason) - AWAITED
        if reason.name not in given
    )
    tree.expect_none(
        f"Reason.{reason.name} is given now: strike it out of AWAITED" for reason in AWAITED if reason.name in given
    )


def test_every_reason_is_in_the_reference() -> None:
    reference = REFERENCE.read_text("utf-8") if REFERENCE.exists() else ""
    tree.expect_none(
        f"{reason} is not listed in {REFERENCE.name}: `make docs` writes it anew"
        for reason in Reason
        if f"`{reason}`" not in reference
    )


def _reasons_named(path: Path) -> set[str]:
    """The members of ``Reason`` that a module writes out."""
    return {
        node.attr
        for node in ast.walk(tree.parse(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] == "Reason"
    }
