"""``parleqctl vocabulary``: the terms that the recogniser is told to expect."""

from __future__ import annotations

import os

from parleqctl import exits
from parleqctl.layout import table
from parleqctl.parser import Parser, add_parser, json_option
from parleqctl.text_input import text_of, text_of_file
from parleqd.protocol.names import VocabularyFormat

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from parleqctl.console import Console
    from parleqctl.invocation import Invocation

_FORMATS = {
    ".csv": VocabularyFormat.CSV,
    ".tsv": VocabularyFormat.CSV,
    ".json": VocabularyFormat.JSON,
    ".jsonl": VocabularyFormat.LINES,
}
_CHANGES = {
    "added": "{term} was added",
    "changed": "{term} was there: its spelling or its forms changed",
    "unchanged": "{term} is there already",
}


def add_arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.epilog = """\
Names and terms that dictionaries lack, spelled as you want them. The file is yours to edit: `list` names it.
A term differs from no other by case alone; adding it again takes the new spelling.
With `mode = "polished"`, up to 100 terms (used last, then added last) go to your cleanup target with every text.

examples:
  parleqctl vocabulary add Noirtier
  parleqctl vocabulary add Kubernetes --alias k8s --spoken "cube are netties"
  parleqctl vocabulary import names.txt
  grep -oE '[A-Z][a-z]+' notes.txt | sort -u | parleqctl vocabulary import -
  parleqctl vocabulary suggest
  parleqctl vocabulary list
  parleqctl vocabulary remove Noirtier"""
    actions = parser.actions()
    listing = add_parser(actions, "list", "list the terms, the latest last, and what is wrong in their file")
    listing.set_defaults(run=run_list)
    suggesting = add_parser(actions, "suggest", "list terms that were put in the place of what was heard; adds none")
    suggesting.set_defaults(run=run_suggest)
    adding = add_parser(actions, "add", "add a term, or forms of one")
    adding.add_argument("term", metavar="TERM", help="as it is to be written; several words are one argument")
    adding.add_argument("--alias", action="append", default=[], metavar="TEXT", help="another writing that means it")
    adding.add_argument("--spoken", action="append", default=[], metavar="TEXT", help="how it is said")
    adding.set_defaults(run=run_add)
    removing = add_parser(actions, "remove", "remove a term with its forms")
    removing.add_argument("term", metavar="TERM", help="the term; case makes no difference")
    removing.set_defaults(run=run_remove)
    importing = add_parser(actions, "import", "add the terms of a list: one a line, CSV or JSON")
    importing.add_argument("file", metavar="FILE", help="the list; - reads standard input")
    importing.add_argument(
        "--format",
        choices=[str(known) for known in VocabularyFormat],
        help="what it is written in (default: told from the file's name, or from what it holds); CSV has the columns "
        "term, aliases and spoken, several in one cell parted by |",
    )
    importing.set_defaults(run=run_import)
    for action in actions.choices.values():
        json_option(action)


def run_list(invocation: Invocation) -> int:
    """Lists entries."""
    console = invocation.console
    answer = invocation.ask_patiently("vocabulary/list")
    entries = answer.get("entries") or []
    if invocation.as_json:
        console.json(answer)
    elif entries:
        console.text(table([_row(entry) for entry in entries]))
    else:
        console.note("the vocabulary is empty; `parleqctl vocabulary add TERM` begins one")
    if not invocation.as_json:
        console.note(f"the file: {answer['path']}")
    _warn(console, answer, answer["path"])
    return exits.DONE


def run_suggest(invocation: Invocation) -> int:
    """Lists what may be added."""
    answer = invocation.ask_patiently("vocabulary/suggest")
    rows = [(one["term"], f"heard as {one['heard']!r}", f"{one['times']}×") for one in answer["suggestions"]]
    if invocation.as_json:
        invocation.console.json(answer)
    elif rows:
        invocation.console.text(table(rows))
        invocation.console.note("`parleqctl vocabulary add TERM --alias HEARD` adds one")
    else:
        invocation.console.note("nothing to suggest: no model has put a name in the place of another word yet")
    return exits.DONE


def run_add(invocation: Invocation) -> int:
    """Adds an entry."""
    wanted = invocation.arguments
    forms = {"aliases": wanted.alias, "spoken": wanted.spoken}
    answer = invocation.ask_patiently(
        "vocabulary/add", term=wanted.term, **{name: given for name, given in forms.items() if given}
    )
    invocation.result(answer, _CHANGES[answer["change"]].format(term=answer["entry"]["term"]))
    return exits.DONE


def run_remove(invocation: Invocation) -> int:
    """Removes an entry."""
    entry = invocation.ask_patiently("vocabulary/remove", term=invocation.arguments.term)
    invocation.result(entry, f"{entry['term']} was removed")
    return exits.DONE


def run_import(invocation: Invocation) -> int:
    """Adds a list. What cannot be taken is told, and costs only itself."""
    name, console = invocation.arguments.file, invocation.console
    written_in = invocation.arguments.format or _FORMATS.get(os.path.splitext(name)[1].lower())
    text = text_of(None, console) if name == "-" else text_of_file(name)
    answer = invocation.ask_patiently("vocabulary/import", text=text, format=written_in)
    counts = ", ".join(f"{answer[kind]} {kind}" for kind in ("added", "changed", "unchanged"))
    invocation.result(answer, counts)
    _warn(console, answer, "standard input" if name == "-" else name)
    return exits.DONE


def _warn(console: Console, answer: dict[str, Any], place: str) -> None:
    problems: Sequence[dict[str, Any]] = answer.get("problems") or []
    for problem in problems:
        where = f"{place}:{problem['line']}" if problem["line"] else place
        console.warning(f"{where}: {problem['message']}", hint=problem["hint"])


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    return entry["term"], ", ".join(entry.get("aliases") or ()), ", ".join(entry.get("spoken") or ())
