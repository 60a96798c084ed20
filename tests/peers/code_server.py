"""A real VS Code window in a browser without a screen, with extensions: code and page are driven from a test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.parts import ROOT, need

HERE = ROOT / "tests" / "peers" / "code-server"
SETTINGS = {
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
}
TOASTS = "[...document.querySelectorAll('.notification-toast')].map(toast => toast.innerText)"
# What extensions show beside text, as the browser draws it: no part of the text.
DECORATIONS = """
[...document.querySelectorAll('.view-line span')].flatMap(span => ['::before', '::after'].map(
    side => getComputedStyle(span, side).content)).filter(shown => shown.startsWith('"')).map(JSON.parse)
"""


class Window:
    """One window of VS Code. Whatever runs in it is JavaScript; what it gives is JSON."""

    def __init__(self, process: subprocess.Popen[str], home: Path) -> None:
        self.home = home
        self._process = process
        self._asked = 0

    def host(self, run: str) -> Any:
        """Runs the body of an async function in the extension host; it knows ``vscode`` and ``kept``."""
        return self._ask("host", run)

    def command(self, name: str) -> None:
        """Carries out a command of the editor."""
        self.host(f"await vscode.commands.executeCommand({json.dumps(name)})")

    def press(self, keys: str) -> None:
        """Presses keys, as people do: "Control+z"."""
        self._ask("press", keys)

    def decorations(self) -> list[str]:
        """What is shown beside the text of the editors, in order."""
        return list(self._ask("page", DECORATIONS))

    def toasts(self) -> list[str]:
        """The notifications that are to be seen."""
        return list(self._ask("page", TOASTS))

    def click(self, label: str) -> None:
        """Presses the button of a notification."""
        buttons = "[...document.querySelectorAll('.notification-toast .monaco-button')]"
        self._ask("page", f"{buttons}.find(button => button.innerText.trim() === {json.dumps(label)}).click()")

    def open_anew(self) -> None:
        """Ends the window, its extension host with it, and opens another on the same folder."""
        self._ask("new-window")

    def picture(self, path: Path) -> None:
        """Saves what is to be seen."""
        self._ask("picture", str(path))

    def until_ready(self) -> None:
        """Until the extension host runs what it is asked to."""
        self._read()

    def _ask(self, where: str, run: str = "") -> Any:
        self._asked += 1
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": self._asked, "where": where, "run": run}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the window has ended:\n{(self.home / 'server.log').read_text(errors='replace')}"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer.get("result")


@contextmanager
def vscode_window(home: Path, package: Path, environment: Mapping[str, str]) -> Iterator[Window]:
    """A window with the extension of ``package`` (a .vsix); ``home`` is an empty folder for all that it keeps."""
    parts, node, browser = need("code-server").parents[2], need("node"), need("chromium")
    _install(home, package)
    settings = home / "data" / "data" / "User"
    settings.mkdir(parents=True)
    (settings / "settings.json").write_text(json.dumps(SETTINGS))
    (home / "folder").mkdir()
    process = subprocess.Popen(
        [node, HERE / "drive.js", parts, home, browser],
        env={**os.environ, **environment, "PARLEQ_TRIAL": str(home / "trial.sock"), "EXTENSIONS_GALLERY": "{}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        window = Window(process, home)
        window.until_ready()
        yield window
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            assert process.stdout is not None
            process.stdout.close()


def _install(home: Path, package: Path) -> None:
    """As VS Code itself does, without a word about publishers."""
    extensions = home / "extensions"
    shutil.copytree(HERE / "trial", extensions / "parleqd-tests.trial-0.0.1")
    with ZipFile(package) as archive:
        members = [name for name in archive.namelist() if name.startswith("extension/")]
        archive.extractall(home / "unpacked", members)
    about = json.loads((home / "unpacked" / "extension" / "package.json").read_text())
    name = f"{about['publisher']}.{about['name']}-{about['version']}"
    shutil.move(home / "unpacked" / "extension", extensions / name)
