"""A clipboard: a folder whose ``wl-copy`` keeps what it is given."""

from __future__ import annotations

from pathlib import Path

import anyio


class Clipboard:
    """Made outside the event loop, since it writes the tool to ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.environment = {"PATH": str(folder)}
        self._copied = folder / "copied"
        tool = folder / "wl-copy"
        tool.write_text(f'#!/bin/sh\n/bin/cat > "{self._copied}"\n')
        tool.chmod(0o755)

    async def text(self) -> str:
        """What was copied last."""
        return await anyio.Path(self._copied).read_text()
