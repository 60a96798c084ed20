"""For each check of SECURITY.md what protects, as lines of the code, and how the check shows when they are gone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from tests.parts import ROOT


class Edit(NamedTuple):
    """A line's part that protects, and what stands there without it."""

    file: str
    protects: str
    without: str


class Breach(NamedTuple):
    """``shown``: a pattern of what the check prints then. It is the leak itself: a program that broke prints none."""

    check: int
    edits: tuple[Edit, ...]
    shown: str


_NO_MASK = Edit("parleqd/app/hardening.py", "os.umask(0o077)", "os.umask(0)")
_LISTENER = "parleqd/rpc/listener.py"
_HARDENING = "parleqd/app/hardening.py"

BREACHES = [
    Breach(
        1,
        (
            _NO_MASK,
            Edit(_LISTENER, "os.fchmod(listening.fileno(), 0o600)", "os.fchmod(listening.fileno(), 0o666)"),
            Edit(_LISTENER, "or not ours or found.st_mode & 0o077:", "or not ours:"),
        ),
        r"\A666\n700\n\Z",
    ),
    Breach(2, (Edit(_LISTENER, "if uid == os.getuid():", "if uid is not None:"),), r"\A\d{2,}\n\Z"),
    Breach(
        3,
        (Edit(_LISTENER, "if replaceable(found.st_uid, found.st_mode, trusted):", "if trusted is None:"),),
        r"\Ais a link\nothers can write to\n\Z",  # and the third was taken
    ),
    Breach(
        4,
        (
            _NO_MASK,
            Edit(
                "parleqd/adapters/journal/chunk.py", "os.O_CREAT | os.O_EXCL, 0o600)", "os.O_CREAT | os.O_EXCL, 0o666)"
            ),
        ),
        r"^f 666 tmpfs$",
    ),
    Breach(
        5,
        (
            Edit("parleqd/engine/effects.py", "characters=len(cleaned.text)", "characters=cleaned.text"),
            Edit("parleqd/app/logging.py", "event, fitting(event, fields))", "event, fields)"),
        ),
        r"\Agarden party\n[1-9]\d*\n\Z",
    ),
    Breach(
        6,
        (Edit("parleqd/core/inheritance.py", "_NAMED_AS_SECRET.search(name) or _SIGNED_IN", "_SIGNED_IN"),),
        r"\A1\n1\n\Z",
    ),
    Breach(
        7,
        (
            Edit(
                "clients/parleqctl/commands/secret.py",
                "storing.set_defaults(run=run_set, ",
                'storing.add_argument("key"); storing.set_defaults(run=run_set, ',
            ),
        ),
        r"\Ano parleqd\n\Z",  # it was taken, and asks for the daemon
    ),
    Breach(
        8,
        (
            Edit(_HARDENING, '_DUMPED.write_text("0", encoding="ascii")', "pass"),
            Edit(_HARDENING, "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))", "pass"),
        ),
        r"^0000003[0-9a-f]$",
    ),
    Breach(
        9,
        (
            # A library's telemetry, or anything else: one socket is enough.
            Edit(
                "parleqd/speech_worker/__init__.py",
                'os.environ.update(ORT_DISABLE_TELEMETRY="1",',
                '__import__("socket").socket(2, 2).connect(("192.0.2.1", 9)); os.environ.update(',
            ),
        ),
        r"\Agarden party\n[1-9]\d*\n\Z",
    ),
    Breach(
        10,
        (
            Edit(
                "parleqd/core/polish/resource.py", 'if scheme == "http" and kind is not Kind.LOOPBACK:', "if not host:"
            ),
        ),
        r"\AHello\n\Z",  # after a vain try
    ),
]


def breached_copy(breach: Breach, folder: Path) -> Path:
    """A copy of the checkout without this protection. Raises ``AssertionError`` when a line is not there any more."""
    for name in ("parleqd", "clients"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "vscode", "nvim"))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    for edit in breach.edits:
        path = folder / edit.file
        text = path.read_text(encoding="utf-8")
        assert text.count(edit.protects) == 1, f"{edit.file} has not once: {edit.protects}"
        path.write_text(text.replace(edit.protects, edit.without), encoding="utf-8")
    return folder
