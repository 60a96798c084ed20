"""The overlay on a private X server: tells it what to show, and takes pictures of it.

The colours are chosen by the program that it asks for the desktop's preference; here that is one of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import parleq_hotkey.overlay
from parleqd._tools.private_x import PrivateX
from parleqd._tools.screenshots import Image, screenshot

PROGRAM = Path(parleq_hotkey.overlay.__file__).parent / "__main__.py"
_WINDOW_CLASS = "ParleqOverlay"


class PrivateOverlay:
    """A running overlay."""

    def __init__(self, server: PrivateX, process: subprocess.Popen[bytes]) -> None:
        self._server = server
        self.process = process

    def tell(self, *messages: Mapping[str, Any]) -> None:
        """Sends messages, as `parleq_hotkey.overlay.model` lists them."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(json.dumps(message).encode() + b"\n" for message in messages))
        self.process.stdin.flush()

    def window(self) -> str:
        """The id of its window while it is shown, else ""."""
        return self._server.run("xdotool", "search", "--onlyvisible", "--class", _WINDOW_CLASS).strip()

    def shown(self, *messages: Mapping[str, Any]) -> Image:
        """What the window shows after these messages, if any, which must change it; once it has come to rest."""
        before = self.picture() if messages else None
        self.tell(*messages)
        looks: list[Image | None] = [None, None]

        def settled() -> bool:
            looks.append(self.picture())
            return looks[-1] not in (None, before) and looks[-1] == looks[-2] == looks[-3]

        self._server.until(settled, "the overlay does not show what it should, or does not come to rest")
        assert looks[-1] is not None
        return looks[-1]

    def picture(self) -> Image | None:
        """What is to be seen where the window is; None while it is not shown, or just changes its place."""
        try:
            return screenshot(self._server.name, self.place())
        except (KeyError, ValueError):
            return None

    def place(self) -> tuple[int, int, int, int]:
        """The window's left and upper edge, width and height. Raises KeyError while it is not shown."""
        search = ("search", "--onlyvisible", "--class", _WINDOW_CLASS)
        answer = self._server.run("xdotool", *search, "getwindowgeometry", "--shell")
        values = dict(line.split("=", 1) for line in answer.split() if "=" in line)
        return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])


@contextmanager
def private_overlay(
    server: PrivateX, folder: Path, *, scheme: str = "prefer-dark", python: str = sys.executable
) -> Iterator[PrivateOverlay]:
    """The overlay on that server, in the colours for that preference; ended with the block. ``folder`` is scratch."""
    folder.mkdir(exist_ok=True)
    asked = folder / "gsettings"
    asked.write_text(f"#!/bin/sh\necho \"'{scheme}'\"\n", encoding="utf-8")
    asked.chmod(0o700)
    process = subprocess.Popen(
        [python, "-I", "-S", str(PROGRAM)],
        stdin=subprocess.PIPE,
        env={**server.env, "PATH": f"{folder}:{server.env['PATH']}"},
    )
    try:
        yield PrivateOverlay(server, process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
