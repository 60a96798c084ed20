"""``parleqctl dictate``: audio files through the whole pipeline, as if they came from the microphone."""

from __future__ import annotations

import os

from parleq_client import ClientError, LocalError, UnreachableError
from parleqctl import exits
from parleqctl.delivery import deliver, show_progress
from parleqctl.memory_copy import MEMORY_COPY, memory_copy
from parleqctl.parser import json_option, mode_option
from parleqd.protocol.names import Pace, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleq_client import Connection
    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Several files are dictated in their order; the exit code is that of the worst: 4 (failed)
over 5 (nothing was said) over 0. Ctrl-C gives the dictation up. A text that could not be
written (a closed pipe, a full disk) gives 4 and stays pending: see `parleqctl last`.

examples:
  parleqctl dictate note.flac
  parleqctl dictate --pace fast --json interview-*.mp3 | jq -r .text
  ffmpeg -i talk.mkv -f wav - | parleqctl dictate --pace fast -"""
    parser.add_argument("files", nargs="+", metavar="FILE", help="an audio file; - reads one from standard input")
    parser.add_argument(
        "--pace",
        choices=[str(pace) for pace in Pace],
        help="heard as it was spoken (default), or as fast as it goes",
    )
    mode_option(parser)
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    console, files = invocation.console, invocation.arguments.files
    codes: list[int] = []
    with invocation.shake_hands(partials=console.live.shown) as connection:
        for file in files:
            try:
                codes.append(_dictate(file, connection, invocation))
            except UnreachableError:
                raise
            except ClientError as error:
                if error.reason == Reason.OUTPUT_CLOSED:
                    raise
                codes.append(exits.of_error(error))
                console.failure(error, as_json=invocation.as_json, about=_about(file, files, error.message))
    return exits.worst(codes)


def _dictate(file: str, connection: Connection, invocation: Invocation) -> int:
    if file == "-":
        with memory_copy(invocation.console) as path:
            return _dictate_file(path, connection, invocation)
    return _dictate_file(absolute(file), connection, invocation)


def _dictate_file(path: str, connection: Connection, invocation: Invocation) -> int:
    arguments = invocation.arguments
    dictation = show_progress(connection, invocation.console)
    dictation.start_file(path, pace=arguments.pace, mode=arguments.mode)
    return deliver(dictation, invocation, about=os.path.basename(path) if len(arguments.files) > 1 else "")


def _about(file: str, files: list[str], message: str) -> str:
    """The file an error is about, where there are several and the message does not begin with its name."""
    named = MEMORY_COPY if file == "-" else os.path.basename(file)
    return "" if len(files) == 1 or message.startswith(f"{named} ") else file


def absolute(file: str) -> str:
    """The path as the daemon can open it, ``..`` and links untouched. Raises LocalError unless UTF-8, or empty."""
    if not file:
        raise LocalError(Reason.BAD_REQUEST, "the name of the file is empty", "name an audio file; - is standard input")
    path = os.path.join(os.getcwd(), file)
    try:
        path.encode()
    except UnicodeEncodeError:
        raise LocalError(
            Reason.BAD_REQUEST,
            f"the path {os.fsencode(path)!r} is not UTF-8, and cannot be sent",
            "rename the file, or pass it on standard input: `parleqctl dictate - < FILE`",
        ) from None
    return path
