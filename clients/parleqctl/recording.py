"""The microphone's dictation, as `start`, `stop` and `toggle` begin and end it."""

from __future__ import annotations

import signal
from contextlib import contextmanager

from parleq_client import Dictation, LocalError, RefusedError
from parleqctl import exits
from parleqctl.delivery import cancel, deliver, show_progress
from parleqctl.invocation import given
from parleqd.protocol.names import Deliver, End, OnDisconnect, Phase, Reason, Topic

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from parleq_client import Connection
    from parleqctl.invocation import Invocation

_INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_UNSETTLED = (Reason.NO_INSERT_CLIENT, Reason.TIMEOUT)
"""What the daemon says of a text that nobody took, or that nobody knows to have arrived."""
_LAST = "`parleqctl last` prints it"


class NotRecordingError(RefusedError):
    """There is nothing to stop."""


def begin(invocation: Invocation) -> int:
    """Begins a dictation whose text will be inserted; returns once the first frame was heard, and it goes on.

    Raises ClientError with what was in the way. An interrupt before the first frame gives the dictation up.
    """
    console = invocation.console
    with invocation.shake_hands() as connection:
        dictation = Dictation(connection)
        try:
            start(dictation, invocation, deliver=Deliver.INSERT, on_disconnect=OnDisconnect.CONTINUE)
        except KeyboardInterrupt:
            cancel(dictation)
            raise
    if invocation.as_json:
        console.json({"session_id": dictation.session_id})
    elif console.live.shown:
        console.note("recording; `parleqctl stop` ends it")
    return exits.DONE


def start(dictation: Dictation, invocation: Invocation, **params: str) -> None:
    """Begins a microphone dictation and waits for its first frame."""
    invocation.console.live.show("opening the microphone…")
    with uninterrupted():  # an interrupt must know which dictation to give up
        dictation.start_microphone(mode=invocation.arguments.mode, **params)
    dictation.until_heard()
    invocation.console.live.clear()


def end_and_print(invocation: Invocation) -> int:
    """Ends the recording, takes its text over and prints it. An interrupt leaves the text pending.

    Raises NotRecordingError, and LocalError when the text could not be printed.
    """
    console = invocation.console
    with invocation.shake_hands(partials=console.live.shown) as connection:
        dictation = show_progress(connection, console)
        with uninterrupted(), _must_record():
            dictation.take_over()
        return deliver(dictation, invocation, keep=True)


def end(invocation: Invocation, *, wait: bool = True) -> int:
    """Ends the recording and, with ``wait``, waits until its text was delivered; tells if it was not.

    Raises NotRecordingError, and LocalError for a text that stayed pending or a dictation that failed.
    """
    if not wait:
        with _must_record():
            return _ended(invocation.ask("session/stop"), invocation)
    with invocation.shake_hands() as connection:
        # Before the request: a short dictation is over before its answer has been read.
        connection.call("events/subscribe", {"topics": [str(Topic.STATE), str(Topic.NOTICE)]})
        with _must_record():
            session_id = connection.call("session/stop")["session_id"]
        return _ended({"session_id": session_id, "end": _outcome(session_id, connection, invocation)}, invocation)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Interrupts that come inside this block are felt at its end. For requests that are answered at once."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _must_record() -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        if error.reason != Reason.UNKNOWN_SESSION:
            raise
        hint = error.hint or "`parleqctl start` begins a dictation, `parleqctl last` shows the last one"
        raise NotRecordingError(error.code, error.reason, error.message, hint) from error


def _outcome(session_id: str, connection: Connection, invocation: Invocation) -> str | None:
    """How the session ended; None when its text waits for the program that began it."""
    console = invocation.console
    deliver = ""
    while True:
        method, params = connection.next_notification()
        if params.get("session_id") != session_id:
            continue
        if method == "session/state":
            deliver = params.get("deliver", "")
            if params.get("phase") == Phase.ENDED:
                return _end_of(params)
            console.live.show(f"{params.get('phase')}…")
        elif method == "session/final" and deliver == Deliver.RETURN:
            return None
        elif method == "daemon/notice":
            told = given({name: params.get(name) for name in ("reason", "message", "hint")})
            if told.get("reason") in _UNSETTLED:
                console.live.clear()
                raise LocalError(told["reason"], told.get("message", "the text waits"), told.get("hint") or _LAST)
            console.warning(told.get("message", ""), told.get("reason", ""), told.get("hint", ""))


def _end_of(note: dict[str, Any]) -> str:
    """Raises LocalError for a dictation that gave no text because something was in the way."""
    how = str(note.get("end"))
    if how in (End.DELIVERED, End.NOTHING_SAID):
        return how
    message = "somebody gave the dictation up" if how == End.CANCELLED else "the dictation failed"
    raise LocalError(note.get("reason") or Reason.INTERNAL, message, "`parleqctl recover` tries its audio again")


def _ended(told: dict[str, Any], invocation: Invocation) -> int:
    console, how = invocation.console, told.get("end")
    console.live.clear()
    if invocation.as_json:
        console.json(told)
    elif how == End.NOTHING_SAID:
        console.note("parleqctl: nothing was said")
    elif how is None and "end" in told:
        console.note(f"the text is for the program that began the dictation; {_LAST} too")
    return exits.NOTHING_SAID if how == End.NOTHING_SAID else exits.DONE
