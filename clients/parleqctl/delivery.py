"""Handing a dictation's text to whoever reads stdout, and acknowledging it only once it is there."""

from __future__ import annotations

from parleq_client import ClientError, Dictation, LocalError
from parleqctl import exits
from parleqctl.console import OutputError
from parleqd.protocol.names import Reason, ReceiptStatus

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

    from parleq_client import Connection
    from parleqctl.console import Console
    from parleqctl.invocation import Invocation


def show_progress(connection: Connection, console: Console) -> Dictation:
    """A dictation whose phases and partial texts are shown on the terminal, where there is one."""

    def show_partial(stable: str, provisional: str) -> None:
        console.live.show(f"{stable} {provisional}".strip())

    def show_phase(phase: str) -> None:
        if phase != "ended":
            console.live.show(f"{phase}…")

    return Dictation(connection, on_partial=show_partial, on_phase=show_phase)


def deliver(dictation: Dictation, invocation: Invocation, *, about: str = "", keep: bool = False) -> int:
    """Waits for the result, prints it, and says so to the daemon. An interrupt cancels the dictation.

    ``about`` names the file where there are several. ``keep``: an interrupt leaves the text pending instead, since
    what was said into a microphone cannot be had again.

    Output that fails is not acknowledged: the text stays pending, and LocalError says how to get at it.
    """
    console = invocation.console
    try:
        result = dictation.result()
    except KeyboardInterrupt:
        if keep:
            tell_pending(console)
            raise
        console.live.show("cancelling…")
        cancel(dictation)
        console.live.clear()
        raise
    try:
        print_result(result, invocation, about=about)
    except OutputError as error:
        raise LocalError(
            Reason.OUTPUT_CLOSED,
            f"{error.message}; the text stays pending",
            "`parleqctl last` prints it again",
        ) from error
    _acknowledge(dictation, console, said=bool(result.get("raw")))
    return exit_code(result)


def print_result(result: dict[str, Any], invocation: Invocation, *, about: str = "") -> None:
    """The result object with ``--json``, else its text; on stderr whatever the text (of ``about``) may lack."""
    console = invocation.console
    if invocation.as_json:
        console.json(result)
    elif result.get("raw"):
        console.text(result["text"])
    else:
        console.note(f"parleqctl: nothing was said{f' in {about}' if about else ''} ({result.get('verdict')})")
    report(result, console)


def report(result: dict[str, Any], console: Console) -> None:
    """One line on stderr for a cleanup that fell back or a text that could not be refined, and for each warning."""
    fallback, mode = result.get("fallback"), result.get("mode") or {}
    if fallback:
        kept = result.get("baseline") is not None and result["baseline"] == result.get("text")
        what = "the text is as it was" if kept else f"cleanup was {mode.get('used')}, not {mode.get('asked')}"
        console.warning(f"{what}: {fallback.get('message')}", fallback.get("reason", ""), fallback.get("hint", ""))
    for warning in result.get("warnings") or ():
        console.warning(warning.get("message", ""), warning.get("reason", ""), warning.get("hint", ""))


def exit_code(result: dict[str, Any]) -> int:
    """0, or 5 when nothing was said."""
    return exits.DONE if result.get("raw") else exits.NOTHING_SAID


def _acknowledge(dictation: Dictation, console: Console, *, said: bool) -> None:
    try:
        dictation.acknowledge(ReceiptStatus.SENT, "stdout")
    except ClientError as error:
        if said:  # Without text nothing was to be delivered, and the session may have ended on its own.
            console.warning(f"the text was printed, but not acknowledged: {error.message}", error.reason)


def tell_pending(console: Console) -> None:
    """The waiting is over before the text is there."""
    console.note("parleqctl: the text stays pending; `parleqctl last` prints it once it is there")


def cancel(dictation: Dictation) -> None:
    """Gives the dictation up, if it was begun at all and has not ended."""
    if dictation.session_id is None:
        return
    try:
        dictation.cancel()
    except ClientError:
        pass  # It has ended, or the daemon has.
