"""A private session bus that starts no service by itself: the D-Bus side of a desktop, for tests and bench.

Pass ``env`` to the programs that shall find it. Everything ends with the block.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

PACKAGES = "dbus"
_DEADLINE_S = 10.0
_POLL_S = 0.02

# dbus-daemon(1). The stock file of a session bus starts any installed service that is asked for.
_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class NoBusError(Exception):
    """The bus cannot be had; the message says why."""


class PrivateBus:
    """A running session bus. ``address``: where it is. ``folder``: the runtime directory that its programs share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"unix:path={folder}/bus"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._programs: list[subprocess.Popen[bytes]] = []

    @property
    def env(self) -> Mapping[str, str]:
        """Variables for programs that shall find this bus, and nothing of the user's desktop."""
        kept = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "DISPLAY")}
        kept |= {"DBUS_SESSION_BUS_ADDRESS": self.address, "XDG_RUNTIME_DIR": str(self.folder)}
        return {**kept, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}

    @property
    def log(self) -> str:
        """What the bus and its programs said."""
        return (self.folder / "programs.log").read_text(encoding="utf-8", errors="replace")

    def start(self, services: Mapping[str, str] | None = None) -> None:
        """Starts the bus. ``services``: what it may start when it is asked for that name, name → command line."""
        place = self.folder / "services"
        place.mkdir(exist_ok=True)
        for name, line in (services or {}).items():
            text = f"[D-BUS Service]\nName={name}\nExec={line}\n"
            (place / f"{name}.service").write_text(text, encoding="utf-8")
        configuration = self.folder / "bus.conf"
        listed = f"<servicedir>{place}</servicedir>" if services else ""
        configuration.write_text(_CONFIGURATION.format(folder=self.folder, services=listed), encoding="utf-8")
        (self.folder / "bus").unlink(missing_ok=True)
        reader, writer = os.pipe()
        command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", f"--print-address={writer}"]
        with (self.folder / "programs.log").open("ab") as log:
            self._daemon = subprocess.Popen(
                command, env=dict(self.env), stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[writer]
            )
        os.close(writer)
        with os.fdopen(reader) as told:
            if not told.readline():  # the end of file, if the daemon dies
                raise NoBusError(self.log)

    def program(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Starts a program that finds this bus; it ends with the bus."""
        with (self.folder / "programs.log").open("ab") as log:
            started = subprocess.Popen(
                command, env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._programs.append(started)
        return started

    def has(self, name: str) -> bool:
        """Is there a program of that name on the bus?"""
        done = subprocess.run(
            ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
             "org.freedesktop.DBus.NameHasOwner", f"string:{name}"],
            env=dict(self.env), capture_output=True, text=True, timeout=_DEADLINE_S, check=False,
        )  # fmt: skip
        return "true" in done.stdout

    def until_has(self, name: str, within_s: float = _DEADLINE_S) -> None:
        """Waits until a program of that name is there. Raises NoBusError when it does not come."""
        assert self._daemon is not None
        give_up = monotonic() + within_s
        while not self.has(name):
            if monotonic() > give_up:
                raise NoBusError(f"nobody took the name {name} within {within_s:g} s\n{self.log}")
            try:
                self._daemon.wait(timeout=_POLL_S)
            except subprocess.TimeoutExpired:
                pass

    def kill(self) -> None:
        """The bus dies; its programs live on, as they may."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()

    def stop(self) -> None:
        """Ends the programs, then the bus."""
        daemon = [self._daemon] if self._daemon is not None else []
        for process in [*reversed(self._programs), *daemon]:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._programs.clear()


@contextmanager
def private_bus(services: Mapping[str, str] | None = None) -> Iterator[PrivateBus]:
    """A running bus; gone, with the programs started on it, after the block."""
    with tempfile.TemporaryDirectory(prefix="parleq-bus-") as name:
        bus = PrivateBus(Path(name))
        try:
            bus.start(services)
            yield bus
        finally:
            bus.stop()
