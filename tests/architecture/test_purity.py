"""Core and protocol decide and describe: no I/O, no clock, no logging, no randomness.

import-linter sees imports of packages; this test holds an allow-list of the standard library, down to names,
and finds the calls that need no import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import tree

# Modules whose every function depends on its arguments alone (or that only describe types).
PURE_MODULES = {
    "__future__", "abc", "array", "base64", "binascii", "bisect", "collections", "contextlib", "dataclasses",
    "decimal", "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "ipaddress",
    "itertools", "json", "math", "operator", "re", "statistics", "string", "struct", "textwrap",
    "types", "typing", "unicodedata", "zlib",
}  # fmt: skip
# Modules that are pure in part: only these names may be imported, with ``from``.
PURE_NAMES = {
    "csv": {"Error", "reader"},
    "datetime": {"UTC", "date", "datetime", "time", "timedelta", "timezone"},
    "pathlib": {"PurePath", "PurePosixPath"},
    "urllib.parse": {"SplitResult", "parse_qsl", "quote", "unquote", "urlencode", "urlsplit", "urlunsplit"},
}
# Ports describe the outside and hold no code of their own: they may name its types.
PORTS = "parleqd/core/ports/"
OUTSIDE_TYPES = {"imports Path from pathlib"}
LIBRARIES = {"msgspec", "parleqd"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
CLOCKS = {"now", "utcnow", "today"}  # methods of datetime and date


@pytest.mark.parametrize("path", tree.modules("parleqd/core", "parleqd/protocol"), ids=tree.name)
def test_the_module_is_pure(path: Path) -> None:
    outside = OUTSIDE_TYPES if tree.name(path).startswith(PORTS) else set()
    tree.expect_none(line for line in impurities(tree.parse(path)) if line.partition(": ")[2] not in outside)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import time", "line 1: imports time"),
        ("def f():\n    import os.path", "line 2: imports os.path"),
        ("from pathlib import Path", "line 1: imports Path from pathlib"),
        ("from datetime import datetime\ndatetime.now()", "line 2: asks the clock: now"),
        ("import datetime", "line 1: imports datetime"),
        ("print('x')", "line 1: calls print"),
        ("class A:\n    def f(self):\n        return open('x')", "line 3: calls open"),
        ("from random import choice", "line 1: imports choice from random"),
    ],
)
def test_an_impurity_is_seen(source: str, found: str) -> None:
    assert list(impurities(ast.parse(source))) == [found]


def impurities(module: ast.Module) -> Iterator[str]:
    """What the module does that core may not, one line each."""
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if not _may_import(alias.name):
                        yield f"line {node.lineno}: imports {alias.name}"
            case ast.ImportFrom(module=str(source), level=0, names=names):
                for alias in names:
                    if not _may_import(source) and alias.name not in PURE_NAMES.get(source, ()):
                        yield f"line {node.lineno}: imports {alias.name} from {source}"
            case ast.Call(func=ast.Name(id=called)) if called in IMPURE_CALLS:
                yield f"line {node.lineno}: calls {called}"
            case ast.Call(func=ast.Attribute(attr=called)) if called in CLOCKS:
                yield f"line {node.lineno}: asks the clock: {called}"


def _may_import(module: str) -> bool:
    return module.split(".")[0] in PURE_MODULES | LIBRARIES
