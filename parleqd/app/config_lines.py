"""On which line of a TOML text each key stands.

tomllib gives no positions, so the text is taken apart into statements: lines are gathered until they parse,
which settles multi-line strings and arrays by TOML's own rules. For texts that are valid as a whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator


def key_lines(text: str) -> dict[str, int]:
    """Dotted key (``audio.device``, ``cleanup.target[0].name``; sections too) → line, counted from 1."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    header = ""
    for number, statement in _statements(text):
        tree = tomllib.loads(statement)
        if not statement.lstrip().startswith("["):
            for key in _leaves(tree, header, counts):
                lines.setdefault(key, number)
        else:
            header = next(_leaves(tree, "", counts))
            if statement.lstrip().startswith("[["):
                counts[header] = counts.get(header, -1) + 1
                header = f"{header}[{counts[header]}]"
            lines.setdefault(header, number)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or assignment with the line it begins on."""
    gathered, start = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        if not gathered:
            start = number
        gathered += line + "\n"
        try:
            empty = not tomllib.loads(gathered)
        except tomllib.TOMLDecodeError:
            continue  # the statement goes on in the next line
        if not empty:
            yield start, gathered
        gathered = ""


def _leaves(tree: dict[str, object], place: str, counts: dict[str, int]) -> Iterator[str]:
    """The dotted keys of a statement's tree; the name of an array of tables means its last table."""
    for name, value in tree.items():
        key = f"{place}.{name}" if place else name
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{key}[{counts[key]}]" if key in counts else key, counts)
        else:
            yield key
