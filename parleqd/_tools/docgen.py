"""Write the generated parts of pages from the code (`make docs`); ``--check`` fails when one is stale.

``PARTS`` lists them. A part is either the text between ``<!-- generated: MARKER -->`` and ``<!-- end -->``
of a page that people write, or, without a marker, a whole file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from parleqd._tools import error_pages, event_pages, protocol_pages, session_pages, shell_pages
from parleqd._tools.bench.program import budget_table
from parleqd._tools.module_map import module_map
from parleqd._tools.schema import schema_page

ROOT = Path(__file__).resolve().parents[2]
END = "<!-- end -->"


@dataclass(frozen=True)
class Part:
    """One generated part. ``render`` gets the project's root and returns the text without a final newline."""

    file: str
    render: Callable[[Path], str]
    marker: str | None = None

    def __str__(self) -> str:
        return f"{self.file} ({self.marker})" if self.marker else self.file


PARTS: tuple[Part, ...] = (
    Part("ARCHITECTURE.md", session_pages.phase_diagram, marker="phases"),
    Part("ARCHITECTURE.md", session_pages.delivery_diagram, marker="delivery"),
    Part("ARCHITECTURE.md", session_pages.event_table, marker="session-events"),
    Part("ARCHITECTURE.md", budget_table, marker="budgets"),
    Part("ARCHITECTURE.md", module_map, marker="module-map"),
    Part("PROTOCOL.md", protocol_pages.daemon_methods, marker="daemon-methods"),
    Part("PROTOCOL.md", protocol_pages.daemon_notifications, marker="daemon-notifications"),
    Part("PROTOCOL.md", protocol_pages.client_notifications, marker="client-notifications"),
    Part("PROTOCOL.md", protocol_pages.client_methods, marker="client-methods"),
    Part("PROTOCOL.md", error_pages.code_table, marker="error-codes"),
    Part("PROTOCOL.md", error_pages.reason_tables, marker="reasons"),
    Part("PROTOCOL.md", protocol_pages.types, marker="types"),
    Part("docs/events.md", event_pages.kind_table, marker="event-kinds"),
    Part("docs/events.md", event_pages.event_tables, marker="events"),
    Part("parleqd.schema.json", schema_page),
    *(Part(f"share/man/man1/{program}.1", partial(shell_pages.manual, program)) for program in shell_pages.PROGRAMS),
    *(
        Part(place.format(program), partial(shell_pages.completion, program, shell))
        for program in shell_pages.PROGRAMS
        for shell, place in shell_pages.COMPLETIONS.items()
    ),
)


def insert(page: str, marker: str, text: str) -> str:
    """The page with ``text`` between the marker and its end. Raises ``ValueError`` when one is missing."""
    before, opening, rest = page.partition(f"<!-- generated: {marker} -->")
    _, closing, after = rest.partition(END)
    if not opening or not closing:
        raise ValueError(f"'<!-- generated: {marker} -->' … '{END}' was not found")
    return f"{before}{opening}\n{text}\n{closing}{after}"


def current_and_fresh(root: Path, part: Part) -> tuple[str, str]:
    """The file as it is ("" when there is none), and as it should be."""
    path = root / part.file
    current = path.read_text(encoding="utf-8") if path.exists() else ""
    text = part.render(root)
    if part.marker is None:
        return current, f"{text}\n"
    try:
        return current, insert(current, part.marker, text)
    except ValueError as error:
        raise SystemExit(f"docgen: {part.file}: {error}") from error


def stale_parts(root: Path, parts: Sequence[Part]) -> list[Part]:
    """The parts whose file does not say what the code says."""
    pairs = [(part, *current_and_fresh(root, part)) for part in parts]
    return [part for part, current, fresh in pairs if current != fresh]


def write(root: Path, parts: Sequence[Part]) -> list[Part]:
    """Bring every part up to date and return those that were stale."""
    written = []
    for part in parts:  # one after the other: two parts may share a file
        current, fresh = current_and_fresh(root, part)
        if current != fresh:
            (root / part.file).parent.mkdir(parents=True, exist_ok=True)
            (root / part.file).write_text(fresh, encoding="utf-8")
            written.append(part)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, or with ``--check`` only compare: 1 when something is stale."""
    parser = argparse.ArgumentParser(prog="docgen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a part is stale")
    if parser.parse_args(arguments).check:
        stale = stale_parts(ROOT, PARTS)
        for part in stale:
            print(f"docgen: {part} is stale; `make docs` writes it anew", file=sys.stderr)
        return 1 if stale else 0
    for part in write(ROOT, PARTS):
        print(f"docgen: wrote {part}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
