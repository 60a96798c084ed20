"""The manual pages, from the same parsers as ``--help``; macros of man(7), ASCII only, so that every man shows them."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import parleqd
from parleqd._tools.release import release_date

Parsers = dict[str, Callable[[], argparse.ArgumentParser]]

_COMMON = ("help", "socket", "version")
"""What every command takes: described once, for the whole program."""
_COLUMNS = 80
"""How long a line of the source is at most, which mandoc asks for."""
_CONTINUED = "\\\n"
"""In the source another line begins, on the page none."""
_SECTIONS = {"Exit codes": "EXIT STATUS"}
"""Headings of epilogs that man(7) has another word for."""


def man_page(parser: argparse.ArgumentParser, root: Path, *, programs: Parsers, summary: str) -> str:
    """The page of the program ``parser`` parses for. ``summary`` follows its name, as whatis prints it."""
    date = release_date(root).strftime("%Y-%m-%d")
    others = [name for name in programs if name != parser.prog]
    lines = [
        '.\\" Written by `make docs` from what `--help` is made of.',
        f'.TH {parser.prog.upper()} 1 {date} "parleqd {parleqd.__version__}" "User Commands"',
        ".nh",
        ".ad l",
        ".SH NAME",
        f"{escaped(parser.prog)} \\- {escaped(summary)}",
        ".SH SYNOPSIS",
        *_synopsis(parser, leave_out=()),
        ".SH DESCRIPTION",
        *_prose(parser.description or ""),
        ".SH OPTIONS",
        *_arguments(parser, leave_out=()),
    ]
    if _children(parser):
        lines += [".SH COMMANDS", *_commands(parser)]
    for heading, body in _paragraphs(parser.epilog):
        section = _SECTIONS.get(heading, heading.upper() or "NOTES")
        lines += [f".SH {section}", *(_verbatim(body) if heading else _prose(body))]
    return "\n".join([*lines, ".SH SEE ALSO", *_references(others)])


def escaped(text: str) -> str:
    """``text`` as roff prints it, letter by letter: hyphens that can be copied, no control lines, ASCII."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    text = re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found.group()):04X}]", text)
    return f"\\&{text}" if text.startswith(".") else text


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every command, and every action of those that have some, as a sub-section each."""
    for child in _children(parser):
        yield f".SS {_quoted(child.prog)}"
        yield from _prose(child.description or "")
        if _children(child):
            yield from _epilog(child)
            yield from _commands(child)
            continue
        yield ".PP"
        yield from _synopsis(child, leave_out=_COMMON)
        yield from _arguments(child, leave_out=_COMMON)
        yield from _epilog(child)


def _epilog(parser: argparse.ArgumentParser) -> Iterator[str]:
    for heading, body in _paragraphs(parser.epilog):
        if heading:
            yield from (".PP", *_prose(f"{heading}:"), *_verbatim(body))
        else:
            yield from (".PP", *_prose(body))


def _synopsis(parser: argparse.ArgumentParser, leave_out: tuple[str, ...]) -> Iterator[str]:
    """What may be left out in brackets, what excludes one another joined by bars; no argument is broken by a line."""
    groups = {id(action): group for group in parser._mutually_exclusive_groups for action in group._group_actions}
    parts, done = [], set()
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or action.dest in leave_out or id(action) in done:
            continue
        group = groups.get(id(action))
        together = [*group._group_actions] if group else [action]
        done |= {id(one) for one in together}
        shown = f" |{_CONTINUED} ".join(_form(one) for one in together)
        optional = bool(action.option_strings) and not (group.required if group else action.required)
        parts.append(f"[{shown}]" if optional else f"({shown})" if len(together) > 1 else shown)
    yield f"\\fB{escaped(parser.prog)}\\fR"
    yield from (part.replace(" ", "\\ ") for part in parts)


def _form(action: argparse.Action) -> str:
    """As one types it: an option by its shortest name, with its value; a positional, repeated if it may be."""
    value = _value(action)
    if action.option_strings:
        return f"\\fB{escaped(min(action.option_strings, key=len))}\\fR{f' {value}' if value else ''}"
    repeated = {"*": f"[{value} ...]", "+": f"{value} [{value} ...]", "?": f"[{value}]", "A...": f"{value} ..."}
    return repeated.get(str(action.nargs), value)


def _value(action: argparse.Action) -> str:
    """What stands for an argument's value; "" for a flag."""
    if action.nargs == 0:
        return ""
    if action.metavar is None and action.choices is not None:
        return f"|\\:{_CONTINUED}".join(f"\\fB{escaped(str(choice))}\\fR" for choice in action.choices)
    return f"\\fI{escaped(str(action.metavar or action.dest.upper()))}\\fR"


def _arguments(parser: argparse.ArgumentParser, leave_out: tuple[str, ...]) -> Iterator[str]:
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or action.dest in leave_out:
            continue
        if isinstance(action, argparse._SubParsersAction):
            continue  # COMMANDS has them
        value = _value(action)
        names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in action.option_strings)
        yield ".TP"
        yield f"{names} {value}".strip()
        yield from _prose(_help(parser, action)) if action.help else ["\\&"]


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    return parser._get_formatter()._expand_help(action)


def _children(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of the commands, or actions; [] when there are none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            choices: dict[str, Any] = dict(action.choices)
            return list(choices.values())
    return []


def _paragraphs(epilog: str | None) -> Iterator[tuple[str, str]]:
    """The paragraphs of an epilog: with the heading when all but its first line are indented, the others with ""."""
    for paragraph in (epilog or "").strip("\n").split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        if first.endswith(":") and all(line.startswith(" ") for line in rest.splitlines()):
            yield first[0].upper() + first[1:-1], rest
        elif paragraph:
            yield "", paragraph


def _prose(text: str) -> Iterator[str]:
    """Filled text. roff ends a sentence at the end of a line only, so each begins one."""
    for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", " ".join(text.split())):
        words = " ".join(escaped(word) for word in sentence.split())
        yield from textwrap.wrap(words, _COLUMNS, break_long_words=False, break_on_hyphens=False)


def _verbatim(text: str) -> Iterator[str]:
    """Text that is not filled, indented once."""
    lines = text.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    yield from (".RS 4", ".nf")
    yield from (escaped(line[indent:]) for line in lines)
    yield from (".fi", ".RE")


def _quoted(text: str) -> str:
    return f'"{escaped(text)}"'


def _references(names: list[str]) -> Iterator[str]:
    for place, name in enumerate(sorted(names)):
        yield f".BR {escaped(name)} (1){',' if place < len(names) - 1 else ''}"
