"""``parleqctl setup``: a cleanup target, question by question: chosen, tried, and only then saved."""

from __future__ import annotations

import json

from parleq_client import LocalError, RefusedError
from parleqctl import exits
from parleqctl.commands.doctor import lines
from parleqctl.layout import table
from parleqctl.parser import json_option
from parleqctl.questions import Questions
from parleqctl.setup_interview import AUTHS, FAMILIES, PROVIDERS, Interview
from parleqd.protocol.names import CheckVerdict, Mode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation

_SAVED_NOTHING = "nothing was saved"
_ENVIRONMENT = "environment "
"""How an origin begins that is a variable and no file."""


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Asks for what is needed, tries it with one small request, and then writes a [[cleanup.target]]
to the settings file; its key goes into the keyring. Nothing is changed before that. With az,
the Azure CLI, signed in, subscriptions, resources and deployments are listed to choose from.
Every question has an option that answers it; without a terminal, answers are read line by line.

examples:
  parleqctl setup
  parleqctl setup --provider azure-openai --auth azure-cli --resource my-openai \\
      --deployment gpt-4o-mini --yes
  pass openai | parleqctl setup --provider openai --deployment gpt-4o-mini --key-from-stdin --yes
  parleqctl setup --provider openai-compatible --resource http://127.0.0.1:8080/v1 \\
      --deployment small --no-test --yes"""
    add = parser.add_argument
    add("--provider", choices=PROVIDERS, help="whose API it is")
    add("--auth", choices=AUTHS, help="how parleqd signs in")
    add("--resource", metavar="NAME|URL", help="the resource's name or host, or a URL as a portal shows it")
    add("--deployment", metavar="NAME", help="the deployment; elsewhere than at Azure, the model")
    add("--api-version", metavar="VERSION", help='a date such as 2025-04-01-preview, or "v1"')
    add("--family", choices=FAMILIES, help="which parameters the model takes")
    add("--name", metavar="NAME", help="of the target; one of that name is replaced")
    add("--tenant", metavar="ID", help="the tenant that az signs in to")
    add("--subscription", metavar="ID", help="the subscription that az signs in for")
    add("--trust", metavar="HOST", action="append", help="a host beyond Azure's and OpenAI's that may get the key")
    add("--mode", choices=["keep", *(str(mode) for mode in Mode)], help="cleanup.mode from then on")
    add("--key-from-stdin", action="store_true", help="take the key from the first line of standard input")
    add("--no-test", action="store_true", help="save it untried")
    add("--yes", action="store_true", help="ask nothing: options, and the defaults for the rest")
    json_option(parser)
    parser.set_defaults(run=run, surplus="a key is no argument: --key-from-stdin reads it, or it is asked for")


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    return _Setup(invocation).run()


class _Setup:
    """One conversation."""

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self._console = invocation.console
        self._arguments = invocation.arguments
        self._questions = Questions(invocation.console, defaults=invocation.arguments.yes)

    def run(self) -> int:
        path, mode, names = self._settings()
        try:
            interview, report, wanted = self._prepared(path, mode, names)
        except KeyboardInterrupt:
            self._console.note(f"\n{_SAVED_NOTHING}")
            raise
        draft = interview.draft()
        saved = self._invocation.ask_patiently("targets/add", target=draft, secret=interview.secret, mode=wanted)
        self._invocation.result({**saved, "mode": wanted or mode, "test": report}, _told(saved))
        if dropped := saved.get("dropped"):
            self._console.note(f"not kept, as the target is at another place now: {', '.join(dropped)}")
        self._advise(wanted or mode, [name for name in names if name != saved["name"]])
        return exits.DONE

    def _prepared(self, path: str, mode: str, names: list[str]) -> tuple[Interview, dict[str, Any] | None, str | None]:
        """What shall be saved, the test's report, and the mode to set. Nothing is changed up to here."""
        if not self._arguments.yes:
            self._console.note(
                "This sets up a model that polishes what you dictate. It is tried with one small request, and then\n"
                f"written to {path}. Nothing is changed before that; Ctrl-C gives up.\n"
            )
        interview = Interview(self._invocation, self._questions, names)
        interview.hold()
        report = None if self._arguments.no_test else self._tried(interview)
        wanted = self._mode(mode)
        self._console.note(table([(f"  {key}", _shown(value)) for key, value in interview.draft().items()]))
        if not self._questions.yes(f"Save it to {path}?", "--yes", default=True):
            raise LocalError(Reason.CANCELLED, _SAVED_NOTHING)
        return interview, report, wanted

    def _settings(self) -> tuple[str, str, list[str]]:
        """The file, ``cleanup.mode``, and the names of the targets in the file."""
        answer = self._invocation.ask("settings/get")
        # What is wrong with variables stops nothing: they count only until the file has a target.
        problems = [problem for problem in answer["problems"] if not problem.startswith(_ENVIRONMENT)]
        if problems:
            raise LocalError(Reason.CONFIG_INVALID, problems[0], "mend the settings first: `parleqctl config edit`")
        entries = {entry["key"]: entry for entry in answer["settings"]}
        names = [
            entry["value"]
            for key, entry in entries.items()
            if key.startswith("cleanup.target[") and key.endswith(".name")
            if not entry["origin"].startswith(_ENVIRONMENT)
        ]
        return answer["path"], entries["cleanup.mode"]["value"], names

    def _tried(self, interview: Interview) -> dict[str, Any]:
        """What the daemon says of the target, once the user is content with it."""
        while True:
            report = self._report(interview)
            width = max(len(check["check"]) for check in report["checks"])
            for check in report["checks"]:
                for line in lines(check, width):
                    self._console.note(line)
            failed = [check for check in report["checks"] if check["verdict"] == CheckVerdict.FAILED]
            if not failed:
                return report
            choices = [("give-up", "give up"), ("change", "change the answers"), ("save", "save it all the same")]
            chosen = self._questions.choose("It does not work yet.", "--no-test", choices, certain=True)
            if chosen == "save":
                return report
            if chosen == "give-up":
                raise LocalError(
                    failed[0].get("reason") or Reason.INTERNAL,
                    f"{_SAVED_NOTHING}: {failed[0]['check']}: {failed[0]['message']}",
                    failed[0].get("hint", ""),
                )
            interview.forget_options()
            interview.hold()

    def _report(self, interview: Interview) -> dict[str, Any]:
        """As ``targets/test`` has it; a draft that the daemon refuses is a part that failed."""
        self._console.live.show("trying it…")
        try:
            return self._invocation.ask_patiently("targets/test", target=interview.draft(), secret=interview.secret)
        except RefusedError as refused:
            check = {"check": "settings", "verdict": str(CheckVerdict.FAILED), "message": refused.message}
            check |= {"hint": refused.hint, "reason": refused.reason}
            return {"verdict": str(CheckVerdict.FAILED), "checks": [check]}

    def _mode(self, current: str) -> str | None:
        """The mode to set; ``None`` leaves it as it is."""
        chosen: str = self._arguments.mode or (
            "keep"
            if current == Mode.POLISHED
            else self._questions.choose(
                "How shall dictations be cleaned?",
                "--mode",
                [(str(Mode.POLISHED), "polished by this model"), ("keep", f"{current}, as now")],
                certain=True,
            )
        )
        return None if chosen == "keep" else chosen

    def _advise(self, mode: str, others: list[str]) -> None:
        note = self._console.note
        if others:
            note(f"it works beside {', '.join(others)}: cleanup.strategy says how they share the work")
        if mode == Mode.POLISHED:
            note("dictations are polished from now on; try it: parleqctl clean 'um so this is a test'")
        else:
            note("try it: parleqctl clean --mode polished 'um so this is a test'")
            note("for every dictation: parleqctl config set cleanup.mode polished")


def _told(saved: dict[str, Any]) -> str:
    return f"{saved['name']} is {'replaced' if saved['replaced'] else 'saved'} in {saved['path']}"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
