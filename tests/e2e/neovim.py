"""A real Neovim without a screen, with the plugin of this project: keys are typed into it, and Lua run in it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.programs import eventually
from tests.parts import ROOT, need

PLUGIN = ROOT / "clients" / "nvim"
DRIVER = ROOT / "tests" / "peers" / "neovim" / "driver.lua"
PATIENCE_S = 90.0
_BEGIN = """
vim.notify = function(message, level) table.insert(_G.messages, {level, message}) end
_G.messages = {}
_G.marks = function(buffer)
  return vim.api.nvim_buf_get_extmarks(buffer, vim.api.nvim_create_namespace("parleq"), 0, -1, {details = true})
end
_G.partials = function(buffer)
  local found = {}
  for _, mark in ipairs(marks(buffer)) do
    for _, chunk in ipairs(mark[4].virt_text or {}) do table.insert(found, chunk) end
  end
  return found
end
"""


class Neovim:
    """One editor process. Its messages are gathered in ``messages``, as (level, text)."""

    def __init__(self, environment: Mapping[str, str], setup: str | None = "") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="nvim-")
        address = str(Path(self._folder.name) / "s")
        runtime = f"set runtimepath^={PLUGIN}"
        command = [str(need("neovim")), "--headless", "--clean", "-n", "--cmd", runtime, "-c", f"luafile {DRIVER}"]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **environment, "DRIVER_SOCKET": address, "TERM": "xterm"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE_S)
        eventually(lambda: self._connected(address), "Neovim listens", PATIENCE_S)
        self._answers = self._socket.makefile("rb")
        self.lua(_BEGIN)
        if setup is not None:
            self.lua(f"require('parleq').setup({{{setup}}})")

    def lua(self, code: str, *arguments: object) -> Any:
        """What the code returns; ``...`` are the arguments. Raises AssertionError with Lua's message."""
        self._socket.sendall(json.dumps({"lua": code, "arguments": arguments}).encode() + b"\n")
        answer = json.loads(self._answers.readline())
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def keys(self, typed: str) -> None:
        """Types keys, as ``<Esc>`` and the like name them, and waits until all are worked off."""
        self.lua("vim.api.nvim_input(...)", typed)
        self.until("return vim.fn.getchar(1) == 0", "the keys are worked off")

    def until(self, condition: str, what: str) -> None:
        """Waits until a piece of Lua returns true."""
        self.until_holds(lambda: self.lua(condition), what)

    def until_holds(self, condition: Callable[[], object], what: str) -> None:
        """Waits until something holds; what the editor said stands beside what was waited for."""
        try:
            eventually(condition, what, PATIENCE_S)
        except AssertionError as missed:
            told = f"status: {self.status()!r}, messages: {self.messages()}"
            raise AssertionError(f"{missed}; {told}") from missed

    def text(self, buffer: int = 0) -> str:
        """A buffer's text."""
        return str(self.lua("return table.concat(vim.api.nvim_buf_get_lines(..., 0, -1, false), '\\n')", buffer))

    def set_text(self, text: str) -> None:
        """Fills the current buffer."""
        self.lua("vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(..., '\\n'))", text)

    def partials(self, buffer: int = 0) -> list[list[str]]:
        """What is shown of what was heard so far: (text, highlight group)."""
        return list(self.lua("return partials(...)", buffer) or [])

    def marks(self) -> int:
        """How many marks of the plugin there are in all buffers."""
        count = "local n = 0 for _, buffer in ipairs(vim.api.nvim_list_bufs()) do n = n + #marks(buffer) end return n"
        return int(self.lua(count))

    def messages(self) -> list[str]:
        """What people were told."""
        return [text for _, text in self.lua("return messages") or []]

    def status(self) -> str:
        """The component for the status line."""
        return str(self.lua("return require('parleq').status()"))

    def kill(self) -> None:
        """Ends it at once, as a crash does."""
        self.process.kill()
        self.process.wait()
        self._answers.close()
        self._socket.close()
        self._folder.cleanup()

    def _connected(self, address: str) -> bool:
        assert self.process.poll() is None, "Neovim has ended"
        try:
            self._socket.connect(address)
        except OSError:
            return False
        return True


@contextmanager
def neovim(environment: Mapping[str, str], setup: str | None = "") -> Iterator[Neovim]:
    """An editor whose plugin was set up (``setup``: the settings in Lua; ``None``: not at all)."""
    editor = Neovim(environment, setup)
    try:
        yield editor
    finally:
        editor.kill()
