"""``parleqctl config``: settings, as the daemon has them, or as one would have them."""

from __future__ import annotations

import os

from parleq_client import LocalError, UnreachableError
from parleqctl import exits
from parleqctl.console import failure_object
from parleqctl.daemon_check import check_by_daemon, problem_line
from parleqctl.layout import setting, table
from parleqctl.parser import Parser, add_parser, json_option
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping
    from typing import Any

    from parleqctl.invocation import Invocation


def add_arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.epilog = """\
Without a daemon, path, show, get, edit and validate read the settings as a daemon would.

examples:
  parleqctl config show --origin
  parleqctl config show --app kitty        what is done with texts that go there, and which rule says so
  parleqctl config get speech.model
  parleqctl config set cleanup.budget_s 2.5
  parleqctl config validate"""
    actions = parser.actions()
    add_parser(actions, "path", "print the path of the settings file").set_defaults(run=run_path)

    show = add_parser(actions, "show", "print all settings in effect")
    show.add_argument("--origin", action="store_true", help="tell where each value comes from")
    show.add_argument("--app", metavar="NAME", help="what is done with texts that go to this application, and why")
    show.add_argument("--window-class", metavar="CLASS", help="with --app: its window's class, where that is another")
    show.add_argument("--title", metavar="TITLE", help="with --app: its window's title")
    show.add_argument("--file-type", metavar="TYPE", help="with --app: the type of the file that is edited")
    show.set_defaults(run=run_show)

    get = add_parser(actions, "get", "print one setting, or a section")
    get.add_argument("key", metavar="KEY", help="such as speech.model, or speech")
    get.set_defaults(run=run_get)

    change = add_parser(actions, "set", "write one setting to the file and apply it")
    change.add_argument("key", metavar="KEY", help="such as speech.model")
    change.add_argument("value", metavar="VALUE", help="a TOML value; what is not one is taken as a string")
    change.set_defaults(run=run_set)

    add_parser(actions, "edit", "open the file in $VISUAL or $EDITOR, then check and apply it").set_defaults(
        run=run_edit
    )
    add_parser(actions, "validate", "check the file, without a daemon too").set_defaults(run=run_validate)
    for action in actions.choices.values():
        json_option(action)


def run_path(invocation: Invocation) -> int:
    """Prints where the settings file is, or would be."""
    path = _settings(invocation)["path"]
    invocation.result({"path": path}, path)
    return exits.DONE


def run_show(invocation: Invocation) -> int:
    """Prints all settings, or what is done in an application, and what is wrong with them on stderr."""
    if (context := _context(invocation.arguments)) is not None:
        return _show_behaviour(invocation, context)
    found = _settings(invocation)
    invocation.result(found, _listed(found["settings"], origin=invocation.arguments.origin))
    for problem in found["problems"]:
        invocation.console.warning(problem, Reason.CONFIG_INVALID)
    return exits.DONE


def _context(arguments: Namespace) -> dict[str, str] | None:
    """The place that is asked about. People know one name of an application: it counts as the program's and its
    window's."""
    named = {key: getattr(arguments, key) for key in ("app", "window_class", "title", "file_type")}
    given = {key: value for key, value in named.items() if value}
    if not given:
        return None
    return {"window_class": given["app"], **given} if "app" in given else given


def _show_behaviour(invocation: Invocation, context: dict[str, str]) -> int:
    try:
        settings = invocation.ask("settings/behaviour", context=context)["settings"]
    except UnreachableError:
        settings = check_by_daemon(invocation.console.environment, context=context)["behaviour"]
    invocation.result({"settings": settings}, _listed(settings, origin=True))
    return exits.DONE


def run_get(invocation: Invocation) -> int:
    """Prints one setting bare, or a section as `show` does."""
    key = invocation.arguments.key
    below = (f"{key}.", f"{key}[")
    settings = _settings(invocation)["settings"]
    entries = [entry for entry in settings if entry["key"] == key or entry["key"].startswith(below)]
    if not entries:
        raise _no_setting(key, [entry["key"] for entry in settings])
    if [entry["key"] for entry in entries] == [key]:
        value = entries[0]["value"]
        invocation.result(entries[0], value if isinstance(value, str) else setting("", value).removeprefix(" = "))
    else:
        invocation.result({"settings": entries}, _listed(entries))
    return exits.DONE


def _no_setting(key: str, known: list[str]) -> LocalError:
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return LocalError(
        Reason.CONFIG_INVALID, f"there is no setting {key!r}", f"{hint}`parleqctl config show` lists all of them"
    )


def run_set(invocation: Invocation) -> int:
    """Has the daemon write one setting and apply it."""
    arguments = invocation.arguments
    entry = invocation.ask_patiently("settings/set", key=arguments.key, value=arguments.value)
    invocation.result(entry, setting(entry["key"], entry["value"]))
    return exits.DONE


def run_edit(invocation: Invocation) -> int:
    """Opens an editor; a file that is right afterwards is applied."""
    environment = invocation.console.environment
    path = _settings(invocation)["path"]
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    _edit(path, environment)
    problems = _checked(path, environment)["problems"]
    if not problems:
        try:
            invocation.ask_patiently("daemon/reload")
        except UnreachableError:
            pass  # The next daemon reads the file anyway.
    return _verdict(path, problems, invocation)


def _edit(path: str, environment: Mapping[str, str]) -> None:
    """Runs the editor to its end. Raises LocalError when there is none, or when it failed."""
    from shlex import split
    from subprocess import call

    variable = next((name for name in ("VISUAL", "EDITOR") if environment.get(name)), "")
    editor = environment[variable] if variable else "vi"
    try:
        code = call([*split(editor), path])
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise LocalError(
            Reason.CONFIG_INVALID,
            f"the editor {editor!r}{f' of {variable}' if variable else ''} cannot be run: {why}",
            f"name an editor that is installed in EDITOR, or edit {path} yourself",
        ) from error
    if code != 0:
        raise LocalError(Reason.CANCELLED, f"{editor} ended with exit code {code}", "the settings were not applied")


def run_validate(invocation: Invocation) -> int:
    """The file of the daemon, where one answers: it may have been started with ``--config``."""
    try:
        path: str | None = invocation.ask("settings/get")["path"]
    except UnreachableError:
        path = None
    report = _checked(path, invocation.console.environment)
    return _verdict(report["path"], report["problems"], invocation)


def _checked(path: str | None, environment: Mapping[str, str]) -> dict[str, Any]:
    """The check of that file; the usual one is not named to the daemon, since what is named must exist."""
    report = check_by_daemon(environment)
    return report if path in (None, report["path"]) else check_by_daemon(environment, path)


def _verdict(path: str, problems: list[dict[str, Any]], invocation: Invocation) -> int:
    """The outcome of a check. With ``--json``, path, problems and error stand in one object."""
    if not problems:
        invocation.result({"path": path, "problems": []}, f"{path}: no problem found")
        return exits.DONE
    for problem in problems:
        invocation.console.note(problem_line(problem))
    error = LocalError(
        Reason.CONFIG_INVALID,
        f"{path} has {len(problems)} problem(s)",
        "a bad setting takes its default at start",
    )
    invocation.console.failure(error, as_json=False)
    if invocation.as_json:
        invocation.console.json({"path": path, "problems": problems, **failure_object(error)})
    return exits.FAILED


def _settings(invocation: Invocation) -> dict[str, Any]:
    """Path, settings and problems (as lines): the daemon's, else those that a new daemon would have."""
    try:
        return invocation.ask("settings/get")
    except UnreachableError:
        report = check_by_daemon(invocation.console.environment)
    return {**report, "problems": [problem_line(problem) for problem in report["problems"]]}


def _listed(entries: list[dict[str, Any]], *, origin: bool = False) -> str:
    lines = [setting(entry["key"], entry["value"]) for entry in entries]
    if not origin or not entries:
        return "\n".join(lines)
    return table([(line, f"# {entry['origin']}") for line, entry in zip(lines, entries, strict=True)])
