"""The clipboard, through whichever of the usual tools is there."""

from __future__ import annotations

from parleq_client import LocalError
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.console import Console

TOOLS = (
    ("wl-copy",),
    ("xclip", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--input"),
    ("pbcopy",),
)
"""Wayland, X11 twice, macOS: the first that is there and does its work wins."""
_SECONDS = 10.0


def copy(text: str, console: Console) -> None:
    """Puts ``text`` into the clipboard. Raises LocalError when no tool is there, or none of them could."""
    from shutil import which

    present = [tool for tool in TOOLS if which(tool[0], path=console.environment.get("PATH"))]
    if not present:
        raise LocalError(
            Reason.CLIPBOARD_MISSING,
            "no clipboard tool was found",
            "install wl-clipboard (Wayland), or xclip or xsel (X11)",
        )
    for tool in present:
        if _copied(tool, text, console):
            console.note(f"copied {len(text)} characters")
            return
    raise LocalError(
        Reason.CLIPBOARD_MISSING,
        f"{' and '.join(tool[0] for tool in present)} could not reach a clipboard",
        "is this a graphical session, with WAYLAND_DISPLAY or DISPLAY set?",
    )


def _copied(tool: tuple[str, ...], text: str, console: Console) -> bool:
    from subprocess import DEVNULL, SubprocessError, run

    # These tools leave a child behind that serves the selection: it must not hold our pipes.
    try:
        done = run(
            tool,
            input=text.encode(),
            stdout=DEVNULL,
            stderr=DEVNULL,
            env=dict(console.environment),
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, SubprocessError):
        return False
    return done.returncode == 0
