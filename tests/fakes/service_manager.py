"""Stand-ins for service managers: one in the test's process, and programs that answer as systemctl and launchctl do."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from parleq_client import LocalError
from parleqctl.service.keeper import Condition
from parleqctl.service.units import Programs, Unit
from parleqd.protocol.names import Reason

# Writes down what it was asked, then answers as the folder beside it says: a file whose name is part of the arguments
# holds the exit code on its first line, and behind it what is printed (on stderr if the code is not 0). The longest
# such name decides.
_PROGRAM = r"""#!/bin/sh
here=${0%/*}
echo "$*" >>"$here/asked"
found=
for file in "$here"/answers/*; do
    name=${file##*/}
    case "$*" in *"$name"*) [ ${#name} -gt ${#found} ] && found=$name ;; esac
done
[ "$found" ] || exit 0
{
    read -r code
    if [ "$code" = 0 ]; then cat; else cat >&2; fi
    exit "$code"
} <"$here/answers/$found"
"""


class FakeKeeper:
    """Starts nothing; ``running``: names of units that it says are. ``broken``: `take_up` fails with this message."""

    name = "fake"
    daemon = "d.service"

    def __init__(self, folder: Path, running: Sequence[str] = ()) -> None:
        self.folder = folder
        self.done: list[tuple[object, ...]] = []
        self.running = set(running)
        self.broken = ""
        self.missing = ""
        self.version = "1"

    def units(self, programs: Programs, socket: str) -> list[Unit]:
        body = f"[Unit]\nDescription={self.version}\n[Service]\nExecStart={programs.daemon} {socket}\n"
        from parleqctl.service.units import systemd_unit

        return [systemd_unit(name, body, programs, None) for name in ("d.socket", "d.service")]

    def check(self) -> None:
        if self.missing:
            raise LocalError(Reason.NO_SERVICE_MANAGER, self.missing)

    def condition(self, name: str) -> Condition:
        up = name in self.running
        return Condition(up, up, "active" if up else "inactive")

    def take_up(self, changed: Sequence[str], *, restart: bool) -> None:
        self.done.append(("take_up", *changed, restart))
        if self.broken:
            raise LocalError(Reason.SERVICE_FAILED, self.broken)
        self.running |= {"d.socket", "d.service"}

    def give_up(self, names: Sequence[str]) -> None:
        self.done.append(("give_up", *names))
        self.running -= set(names)

    def forget(self) -> None:
        self.done.append(("forget",))


class FakeProgram:
    """A program of this name on a PATH of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        (folder / "answers").mkdir()
        program = folder / name
        program.write_text(_PROGRAM)
        program.chmod(0o700)

    def environment(self, home: Path) -> Mapping[str, str]:
        """Of a user who has it."""
        runtime = home / "run"
        path = f"{self._folder}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}

    def answer(self, asked: str, said: str = "", code: int = 0) -> None:
        """What it prints whenever it is asked something that holds this; the longest such text decides."""
        (self._folder / "answers" / asked).write_text(f"{code}\n{said}")

    @property
    def asked(self) -> list[str]:
        """All that it was called with."""
        log = self._folder / "asked"
        return log.read_text().splitlines() if log.exists() else []
