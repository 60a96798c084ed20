"""A desk where everything may fail: a daemon, a hotkey client, az and a deployment as processes, and their files.

All is real but what stands behind the ports of ``tests.fakes.daemon_program``. `mend` makes everything well again.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from anyio.from_thread import start_blocking_portal

from parleq_client.connection import Connection
from parleq_client.errors import ClientError
from parleqd.adapters.journal.place import folder_name
from tests.e2e.programs import eventually
from tests.fakes.daemon_program import CLOCK
from tests.fakes.failing_server import FailingServer, running_failing_server, way
from tests.fakes.speech_program import CONTENT, MODEL, TAKES
from tests.parts import ROOT

WORKER = "tests.fakes.speech_program"
NEVER = resource.RLIM_INFINITY
_PLACE = 'mount -t tmpfs -o size=4m,mode=700 none "$1" && echo made && exec cat'
_TOKEN_LIVES_S = 4000
_AZ = """#!/bin/sh
echo $$ >> "{starts}"
sleep "$(cat "{takes}")"
echo "{{\\"accessToken\\": \\"t\\", \\"expires_on\\": $(( $(date +%s) + $(cat "{ahead}") ))}}"
"""


class GoneError(Exception):
    """The program ended before it answered."""


class Program:
    """A process that does deeds, see ``tests.fakes.obedience``."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=file
            )

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    @property
    def runs(self) -> bool:
        """Has it not ended?"""
        return self.process.poll() is None

    def tell(self, deed: str, argument: object = None) -> Any:
        """Have it done; what it gives. Raises ``GoneError``."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps([deed, argument]).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise GoneError(deed) from None
        answer = self.process.stdout.readline()
        if not answer:
            raise GoneError(deed)
        return json.loads(answer)

    def end(self, blow: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(blow)
        try:
            code = self.process.wait(20)
        finally:
            if self.runs:
                self.process.kill()
            for pipe in (self.process.stdin, self.process.stdout):
                assert pipe is not None
                with suppress(OSError):
                    pipe.close()
        return code


class Place:
    """The daemon's runtime folder: a small file system of its own where that can be had, else a folder in memory."""

    def __init__(self, path: Path, holder: subprocess.Popen[bytes] | None) -> None:
        self.path = path
        self._holder = holder

    @property
    def small(self) -> bool:
        """Can it be filled?"""
        return self._holder is not None

    @property
    def entered(self) -> list[str]:
        """Before a command that is to see it; its files' modes count for root too."""
        root = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.getuid() == 0 else []
        if self._holder is None:
            return root
        own = [] if os.getuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", *own, "--mount", "--target", str(self._holder.pid), "--", *root]

    @property
    def seen(self) -> Path:
        """Where it is seen from here."""
        return self.path if self._holder is None else Path(f"/proc/{self._holder.pid}/root{self.path}")


@contextmanager
def small_place(home: Path) -> Iterator[Place]:
    """In a mount namespace of its own, which goes with its holder."""
    run = home / "run"
    run.mkdir()
    own = [] if os.getuid() == 0 else ["--map-root-user"]
    command = ["unshare", *own, "--mount", "sh", "-c", _PLACE, "sh", str(run)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        if holder.stdout.readline():
            yield Place(run, holder)
        else:
            with TemporaryDirectory(prefix="parleq-", dir="/dev/shm") as folder:
                yield Place(Path(folder), None)
    finally:
        holder.stdin.close()
        holder.stdout.close()
        holder.wait()


class Desk:
    """``server`` is the deployment, which answers well; ``document`` is where texts are inserted."""

    def __init__(self, home: Path, place: Place, server: FailingServer, takes_s: float) -> None:
        self.home = home
        self.place = place
        self.server = server
        self.socket = str(home / "s.sock")
        self.model = home / "model" / MODEL
        self.document = home / "document"
        self.az_starts = home / "az-starts"
        self.broken: list[Callable[[], None]] = []
        """What has to be mended, the latest last."""
        self.unsafe = False
        """Has the journal no place any more? Only another daemon finds one."""
        self._ahead = 0.0
        self._prepare()
        self.environment = {
            **os.environ,
            "PATH": f"{home / 'bin'}:/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "clients")]),
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "XDG_DATA_HOME": str(home),
            "XDG_STATE_HOME": str(home),
            "XDG_RUNTIME_DIR": str(place.path),
            CLOCK: str(home / "ahead"),
            TAKES: str(takes_s),
        }
        self.daemon = self._daemon()
        self.wait_answers()
        self.hotkey = self._hotkey()

    # Looks

    @property
    def journal(self) -> Path:
        """The journal's folder, as it is seen from here."""
        return self.place.seen / "parleq" / folder_name(self.socket)

    @property
    def log(self) -> str:
        """What the daemons have told."""
        return (self.home / "log").read_text(errors="replace")

    def inserted(self) -> list[str]:
        """The texts in the document."""
        return [json.loads(line) for line in self.document.read_text().splitlines()]

    @property
    def told(self) -> str:
        """The end of both logs."""
        return f"{self.log[-3000:]}\n{(self.home / 'hotkey.log').read_text(errors='replace')[-1000:]}"

    def connect(self) -> Connection:
        """A client that has said who it is."""
        connection = Connection.open(self.socket)
        connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
        return connection

    def status(self) -> dict[str, Any]:
        """The answer to ``status/get``."""
        with Connection.open(self.socket) as connection:
            return connection.call("status/get", timeout=5)

    def worker(self) -> psutil.Process | None:
        """The speech worker that runs now."""
        with suppress(psutil.Error):
            for child in psutil.Process(self.daemon.pid).children():
                if WORKER in child.cmdline():
                    return child
        return None

    def idle(self) -> bool:
        """Is nothing on its way to a text?"""
        return bool(self.status()["sessions"] == 0)

    def wait_answers(self) -> None:
        """Until the daemon answers."""

        def answers() -> bool:
            assert self.daemon.runs, f"the daemon did not start:\n{self.log[-4000:]}"
            with suppress(ClientError):
                return bool(self.status())
            return False

        eventually(answers, "the daemon answers", 30)

    # Deeds

    def pass_time(self, seconds: float) -> None:
        """The wall clock jumps."""
        self._ahead += seconds
        (self.home / "az-ahead").write_text(f"{self._ahead + _TOKEN_LIVES_S:.0f}")
        file = os.open(self.home / "ahead", os.O_WRONLY | os.O_CREAT)
        os.pwrite(file, f"{self._ahead:+020.0f}\n".encode(), 0)  # at once, and always as long
        os.close(file)

    def az_takes(self, seconds: float) -> None:
        """To answer."""
        (self.home / "az-takes").write_text(str(seconds))

    def heal_model(self) -> None:
        """As it was made."""
        self.model.write_text(CONTENT)

    def mend(self) -> None:
        """Everything is well again, and nothing is under way."""
        while self.broken:
            self.broken.pop()()
        self.server.only = way("good")
        if not self.daemon.runs:
            self.daemon.end()
            self.daemon = self._daemon()
        self.wait_answers()
        eventually(self.idle, f"everything has come to an end\n{self.log[-4000:]}", 60)
        if not self.hotkey.runs:
            self.hotkey.end()
            self.hotkey = self._hotkey()
        self.hotkey.tell("connected")

    def renew(self) -> None:
        """Another daemon, ended as it should."""
        code = self.daemon.end()
        assert code == 0, self.log[-4000:]
        self.daemon = self._daemon()
        self.wait_answers()

    def end(self) -> None:
        """The end of everything."""
        self.hotkey.end(signal.SIGKILL)
        code = self.daemon.end()
        assert code == 0, self.log[-4000:]

    def _prepare(self) -> None:
        for folder in ("model", "bin"):
            (self.home / folder).mkdir()
        self.heal_model()
        self.document.touch()
        self.az_starts.touch()
        self.az_takes(0)
        self.pass_time(0)
        az = self.home / "bin" / "az"
        az.write_text(_AZ.format(starts=self.az_starts, takes=self.home / "az-takes", ahead=self.home / "az-ahead"))
        az.chmod(0o755)
        (self.home / "config.toml").write_text(_settings(self.model.parent, self.server.address))

    def _daemon(self) -> Program:
        command = [sys.executable, "-m", "tests.fakes.daemon_program", "--socket", self.socket]
        config = ["--config", str(self.home / "config.toml")]
        return Program([*self.place.entered, *command, *config], self.environment, self.home / "log")

    def _hotkey(self) -> Program:
        command = [sys.executable, "-m", "tests.fakes.hotkey_program", self.socket, str(self.document)]
        return Program(command, self.environment, self.home / "hotkey.log")


@contextmanager
def fault_desk(takes_s: float = 0.02) -> Iterator[Desk]:
    """Everything runs. ``takes_s``: the recogniser, for each segment."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="parleq-")))
        portal = stack.enter_context(start_blocking_portal())
        server = stack.enter_context(portal.wrap_async_context_manager(running_failing_server(Random(0), lambda: 0.0)))
        server.only = way("good")
        desk = Desk(home, stack.enter_context(small_place(home)), server, takes_s)
        try:
            yield desk
        except BaseException:
            desk.hotkey.end(signal.SIGKILL)
            desk.daemon.end(signal.SIGKILL)
            raise
        desk.end()


def forget(folder: Path) -> None:
    """Delete it, whatever is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _settings(model: Path, address: str) -> str:
    targets = "".join(
        f'\n[[cleanup.target]]\nname = "{name}"\nauth = "{auth}"\nresource = "{address}"\ndeployment = "d"\n'
        for name, auth in (("west", "azure-cli"), ("east", "api-key"))
    )
    return f'[speech]\nmodel = "{model}"\n[cleanup]\nmode = "instant"\nbudget_s = 1.0\n{targets}'
