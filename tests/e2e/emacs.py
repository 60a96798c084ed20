"""A real Emacs with parleq.el: on a terminal of its own, driven by keys, looked into through its server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.programs import eventually
from tests.parts import ROOT, need

CLIENT = ROOT / "clients" / "emacs"
DICTATE, CANCEL, LAST, UNDO, TO_BEGINNING = b"\x03dd", b"\x03dk", b"\x03dl", b"\x1f", b"\x1b<"
"""Keys: C-c d d, C-c d k, C-c d l, C-/ and M-<."""
_SETTING_UP = """
(progn
  (require 'json)
  (require 'parleq)
  (global-set-key (kbd "C-c d") 'parleq-command-map)
  (setq server-socket-dir "{folder}" server-name "server" make-backup-files nil auto-save-default nil)
  (server-start)
  (parleq-mode 1))
"""


def needs() -> None:
    """Skips the test where a part is missing."""
    for part in ("emacs", "emacsclient", "script"):
        need(part)


class Emacs:
    """``folder``: a short path for its server's socket and what its terminal shows."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._screen = folder / "screen"
        (folder / "init.el").write_text(_SETTING_UP.format(folder=folder))
        command = f"exec emacs -Q -nw -L {CLIENT} -l {folder / 'init.el'}"
        self._terminal = subprocess.Popen(
            ["script", "--quiet", "--flush", "--command", command, str(self._screen)],
            env={"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._pid: int | None = None

    def wait_ready(self) -> None:
        """Until it can be asked."""
        eventually(self._listens, "Emacs has started", 20.0)
        self._pid = int(self.ask("(emacs-pid)"))

    def _listens(self) -> bool:
        """Its socket is there a moment before it listens."""
        with socket.socket(socket.AF_UNIX) as asking:
            return asking.connect_ex(str(self._folder / "server")) == 0

    def screen(self) -> str:
        """All that its terminal has shown so far, words whole: only what changes is drawn unless it is drawn anew."""
        self.ask("(redraw-display)")
        return self._screen.read_bytes().decode("utf-8", "replace")

    def ask(self, expression: str) -> Any:
        """The value of a Lisp expression: a string, a number, a list, or None for nil."""
        # Printed Lisp is no JSON, and base64 is the same in both.
        wrapped = f"(base64-encode-string (encode-coding-string (json-encode {expression}) 'utf-8) t)"
        done = subprocess.run(
            ["emacsclient", "--socket-name", str(self._folder / "server"), "--eval", wrapped],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(b64decode(done.stdout.strip().strip('"')))

    def type(self, keys: bytes) -> None:
        """Type on its keyboard."""
        assert self._terminal.stdin is not None
        self._terminal.stdin.write(keys)
        self._terminal.stdin.flush()

    def edit(self, name: str, text: str, point: int) -> None:
        """Show a new buffer that holds this text, unchanged, with point there."""
        self.ask(
            f"(progn (switch-to-buffer (generate-new-buffer {json.dumps(name)})) (text-mode)"
            f" (insert {json.dumps(text, ensure_ascii=False)}) (goto-char {point})"
            " (setq buffer-undo-list nil) (set-buffer-modified-p nil) nil)"
        )

    def text(self) -> str:
        """What the buffer in its window holds."""
        return str(self._in_window("(buffer-substring-no-properties (point-min) (point-max))"))

    def shown(self) -> str:
        """What stands there of a dictation whose text has not come yet."""
        return str(
            self._in_window(
                '(mapconcat (lambda (one) (or (overlay-get one \'after-string) ""))'
                ' (overlays-in (point-min) (point-max)) "")'
            )
        )

    def partial(self) -> str:
        """The words among that."""
        return self.shown().partition("[")[0].strip()

    def untouched(self) -> bool:
        """Has the buffer in its window neither changes nor anything to undo?"""
        return bool(self._in_window("(and (not (buffer-modified-p)) (not buffer-undo-list) t)"))

    def state(self) -> str:
        """The mode line's word."""
        return str(self.ask("(substring-no-properties (parleq--lighter))")).strip()

    def said(self) -> str:
        """All that was said in the echo area."""
        return str(self.ask('(with-current-buffer "*Messages*" (buffer-string))'))

    def kill(self) -> None:
        """A blow that it cannot soften, if it still runs."""
        if self._pid is not None and psutil.pid_exists(self._pid):
            psutil.Process(self._pid).kill()
        self._pid = None
        assert self._terminal.stdin is not None
        self._terminal.stdin.close()
        try:
            self._terminal.wait(5)
        except subprocess.TimeoutExpired:
            self._terminal.kill()
            self._terminal.wait()

    def _in_window(self, expression: str) -> Any:
        return self.ask(f"(with-current-buffer (window-buffer) {expression})")


@contextmanager
def emacs_at(environment: Mapping[str, str]) -> Iterator[Emacs]:
    """An Emacs that tells its daemon by ``environment`` (PARLEQ_SOCKET), until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="emacs-"))
    try:
        started = Emacs(folder, {"HOME": str(folder), **environment})
        try:
            started.wait_ready()
            yield started
        finally:
            started.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def batch(*arguments: str, home: Path, site: bool = False) -> subprocess.CompletedProcess[str]:
    """Run Emacs without a terminal; ``site``: with the packages that the system has installed."""
    return subprocess.run(
        ["emacs", *([] if site else ["-Q"]), "--batch", *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
