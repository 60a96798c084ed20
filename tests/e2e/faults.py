"""What may happen to a daemon from outside in the midst of a dictation: each fault strikes a `Desk`, which mends it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

from parleqd.protocol.names import Reason
from tests.e2e.fault_desk import Desk, GoneError, forget
from tests.e2e.programs import eventually, pause
from tests.fakes.failing_server import WAYS
from tests.fakes.speech_program import CONTENT

Fault = Callable[[Desk, Random], None]

_STOPPED_S = 0.5
_HOURS = 3600


def nothing(desk: Desk, chance: Random) -> None:
    """A quiet day."""


# Processes


def daemon_killed(desk: Desk, chance: Random) -> None:
    """As by the system that is out of memory."""
    desk.daemon.process.kill()
    desk.daemon.process.wait()


def daemon_ended(desk: Desk, chance: Random) -> None:
    """As by an upgrade."""
    desk.daemon.process.terminate()
    desk.daemon.process.wait(20)


def daemon_and_hotkey_killed(desk: Desk, chance: Random) -> None:
    """As by the end of a login session."""
    daemon_killed(desk, chance)
    hotkey_killed(desk, chance)


def daemon_stopped(desk: Desk, chance: Random) -> None:
    """For a moment."""
    _stopped(desk, [desk.daemon.pid], chance.uniform(0.05, _STOPPED_S))


def all_suspended(desk: Desk, chance: Random) -> None:
    """The lid is closed: every process stands, and hours pass."""
    worker = desk.worker()
    others = [desk.hotkey.pid, *([worker.pid] if worker else [])]
    _stopped(desk, [desk.daemon.pid, *others], chance.uniform(0.05, _STOPPED_S))
    desk.pass_time(chance.uniform(1, 12) * _HOURS)


def worker_killed(desk: Desk, chance: Random) -> None:
    """Once."""
    _hit_worker(desk, signal.SIGKILL)


def worker_killed_again_and_again(desk: Desk, chance: Random) -> None:
    """Until this audio must seem to be what kills it, or for a while."""
    for _ in range(chance.randint(2, 5)):
        with suppress(AssertionError):
            eventually(desk.worker, "another worker", 0.5)
            pause(chance.uniform(0.0, 0.2))
        _hit_worker(desk, signal.SIGKILL)


def worker_stopped(desk: Desk, chance: Random) -> None:
    """For good: it has to be noticed."""
    _hit_worker(desk, signal.SIGSTOP)


def worker_stopped_for_a_moment(desk: Desk, chance: Random) -> None:
    """It goes on before anybody minds, or just when somebody does."""
    worker = desk.worker()
    if worker is not None:
        _stopped(desk, [worker.pid], chance.uniform(0.05, 1.5))


def worker_out_of_memory(desk: Desk, chance: Random) -> None:
    """It has what it has, and gets no more."""
    worker = desk.worker()
    with suppress(psutil.Error, ProcessLookupError):
        if worker is not None:
            resource.prlimit(worker.pid, resource.RLIMIT_AS, (worker.memory_info().vms, resource.RLIM_INFINITY))


def hotkey_killed(desk: Desk, chance: Random) -> None:
    """The client that inserts texts, and holds the key."""
    desk.hotkey.process.kill()
    desk.hotkey.process.wait()


def hotkey_stopped(desk: Desk, chance: Random) -> None:
    """For a moment."""
    _stopped(desk, [desk.hotkey.pid], chance.uniform(0.05, _STOPPED_S))


def az_killed(desk: Desk, chance: Random) -> None:
    """While it is asked for a token, the last one being too old."""
    desk.az_takes(5)
    desk.broken.append(lambda: desk.az_takes(0))
    before = desk.az_starts.read_text()
    desk.pass_time(2 * _HOURS)
    with suppress(AssertionError):
        eventually(lambda: desk.az_starts.read_text() != before, "az is asked", 0.3)
    for line in desk.az_starts.read_text().removeprefix(before).split():
        with suppress(ProcessLookupError):
            os.kill(int(line), signal.SIGKILL)


def az_hangs(desk: Desk, chance: Random) -> None:
    """And is asked all the same."""
    desk.az_takes(5)
    desk.broken.append(lambda: desk.az_takes(0))
    desk.pass_time(2 * _HOURS)


# Time and sound


def clock_ahead(desk: Desk, chance: Random) -> None:
    """Somebody sets it, or the time server does at last."""
    desk.pass_time(chance.uniform(0.1, 400) * _HOURS)


def clock_back(desk: Desk, chance: Random) -> None:
    """The same, in the other direction."""
    desk.pass_time(-chance.uniform(0.1, 400) * _HOURS)


def microphone_gone(desk: Desk, chance: Random) -> None:
    """Unplugged, or its sound server has ended."""
    with suppress(GoneError):
        desk.daemon.tell("unplug")


# Files


def place_full(desk: Desk, chance: Random) -> None:
    """Not a byte more."""
    filler = desk.place.seen / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while desk.place.small:
            file.write(bytes(4096))
    desk.broken.append(lambda: filler.unlink(missing_ok=True))


def place_read_only(desk: Desk, chance: Random) -> None:
    """Nothing new can be made in it."""
    _set_modes(desk.journal, 0o500)
    desk.broken.append(lambda: _set_modes(desk.journal, 0o700))


def place_deleted(desk: Desk, chance: Random) -> None:
    """By a cleaner of temporary files; the daemon has to be started again for another."""
    forget(desk.journal)
    desk.unsafe = True


def model_damaged(desk: Desk, chance: Random) -> None:
    """And has to be read again."""
    desk.model.write_text(CONTENT[: chance.randrange(len(CONTENT))])
    desk.broken.append(desk.heal_model)
    _hit_worker(desk, signal.SIGKILL)


def model_gone(desk: Desk, chance: Random) -> None:
    """The same."""
    desk.model.unlink()
    desk.broken.append(desk.heal_model)
    _hit_worker(desk, signal.SIGKILL)


def out_of_descriptors(desk: Desk, chance: Random) -> None:
    """The daemon can open nothing more."""
    _limit_descriptors(desk, chance)


def worker_killed_out_of_descriptors(desk: Desk, chance: Random) -> None:
    """Nor start another worker."""
    _limit_descriptors(desk, chance)
    _hit_worker(desk, signal.SIGKILL)


# Others


def keyring_locked(desk: Desk, chance: Random) -> None:
    """As after a time without anybody at the screen."""
    _keyring(desk, Reason.KEYRING_LOCKED)


def keyring_gone(desk: Desk, chance: Random) -> None:
    """Its service has ended."""
    _keyring(desk, Reason.KEYRING_MISSING)


def cloud_fails(desk: Desk, chance: Random) -> None:
    """In any way that there is."""
    desk.server.only = chance.choice(WAYS)


ALL: list[Fault] = [
    nothing, daemon_killed, daemon_killed, daemon_ended, daemon_and_hotkey_killed, daemon_stopped, all_suspended,
    worker_killed, worker_killed_again_and_again, worker_stopped, worker_stopped_for_a_moment, worker_out_of_memory,
    hotkey_killed, hotkey_stopped, az_killed, az_hangs, clock_ahead, clock_back, microphone_gone, place_full,
    place_read_only, place_deleted, model_damaged, model_gone, out_of_descriptors, worker_killed_out_of_descriptors,
    keyring_locked, keyring_gone, cloud_fails,
]  # fmt: skip


def _stopped(desk: Desk, processes: list[int], seconds: float) -> None:
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    words = " ".join(map(str, processes))
    waker = subprocess.Popen(["sh", "-c", f"sleep {seconds:.3f}; kill -CONT {words} 2>&-"])

    def mend() -> None:
        waker.wait()

    desk.broken.append(mend)


def _hit_worker(desk: Desk, blow: signal.Signals) -> None:
    worker = desk.worker()
    with suppress(psutil.Error):
        if worker is not None:
            worker.send_signal(blow)


def _limit_descriptors(desk: Desk, chance: Random) -> None:
    daemon = desk.daemon
    with suppress(psutil.Error):
        process = psutil.Process(daemon.pid)
        before = process.rlimit(psutil.RLIMIT_NOFILE)
        few = max(int(name) for name in os.listdir(f"/proc/{daemon.pid}/fd")) + 1 + chance.randrange(3)
        process.rlimit(psutil.RLIMIT_NOFILE, (few, before[1]))

        def mend() -> None:
            with suppress(psutil.Error):
                process.rlimit(psutil.RLIMIT_NOFILE, before)

        desk.broken.append(mend)


def _set_modes(journal: Path, mode: int) -> None:
    with suppress(OSError):
        for folder in (journal, *(path for path in journal.iterdir() if path.is_dir())):
            with suppress(OSError):
                folder.chmod(mode)


def _keyring(desk: Desk, mood: Reason) -> None:
    def mend() -> None:
        with suppress(GoneError):
            desk.daemon.tell("keyring", None)

    with suppress(GoneError):
        desk.daemon.tell("keyring", mood)
        desk.broken.append(mend)
