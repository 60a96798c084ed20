"""A real keyring for one child process: its own session bus, starting nothing by itself, and an empty collection."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.parts import ROOT, need

# dbus-daemon(1). The stock file of a session bus starts any installed service that is asked for.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

# The new line on its standard input is the empty password of a collection that it makes (gnome-keyring-daemon(1)).
_UNLOCKED = 'echo | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"'


def run_with_keyring(folder: Path, program: str, *, service: bool = True, patience_s: float = 15) -> str:
    """What the Python ``program`` prints, with a keyring that is unlocked, or a bus with none. ``folder`` is empty."""
    need("dbus-run-session")
    if service:
        need("gnome-keyring")
    bus = folder / "bus.conf"
    bus.write_text(_BUS.format(folder=folder), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    environment |= {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    start = ["sh", "-c", _UNLOCKED, "sh"] if service else []
    done = subprocess.run(
        ["dbus-run-session", f"--config-file={bus}", "--", *start, sys.executable, "-c", program],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=patience_s,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
