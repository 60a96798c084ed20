"""The socket: claimed without ever stealing a live one, and served to this user alone.

The lock beside the socket is held for the daemon's whole life, so among several daemons that start at once exactly
one gets past it. Only then is a dead socket removed. ("Connect, remove if dead" alone let two of them win.)
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from anyio.abc import SocketAttribute, SocketListener, SocketStream, TaskGroup

from parleqd.core.errors import RefusedError
from parleqd.protocol.names import Reason
from parleqd.protocol.place import PlaceError, replaceable, trusted_owners, usable_socket_path
from parleqd.rpc.connection import Connection
from parleqd.rpc.services import Services

BACKLOG = 512
_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.ECONNABORTED)
"""What may go wrong with one client, or for a while: accept(2)."""


class ClaimedSocket:
    """A listening socket and the lock that goes with it. ``inherited``: a service manager holds the socket too."""

    def __init__(self, path: Path, listening: socket.socket, lock: int, *, inherited: bool = False) -> None:
        self.path = path
        self.listening = listening
        self._lock = lock
        self._identity = None if inherited else _identity(path)

    def release(self) -> None:
        """Remove the socket, then let go of the lock (the lock's file stays: removing it would open a race).

        An inherited one stays: whoever connects next has the service manager start the next daemon.
        """
        self.listening.close()
        if self._identity and _identity(self.path) == self._identity:  # not another daemon's, made in place of ours
            self.path.unlink(missing_ok=True)
        os.close(self._lock)


def claim(path: Path) -> ClaimedSocket:
    """Become the one daemon at this path. Blocking: called before the event loop runs.

    Raises ``RefusedError``: ``already_running``, ``socket_unusable``.
    """
    try:
        usable_socket_path(str(path), sys.platform)
    except PlaceError as problem:
        raise RefusedError(Reason.SOCKET_UNUSABLE, problem.message, problem.hint) from None
    lock = _place(path)
    try:
        _remove_dead(path)
        return ClaimedSocket(path, _bind(path), lock)
    except OSError as problem:
        os.close(lock)
        raise _unusable(path, problem) from None
    except RefusedError:
        os.close(lock)
        raise


def adopt(listening: socket.socket) -> ClaimedSocket:
    """Become the one daemon at the path of a socket that a service manager opened. Blocking, as `claim` is.

    Raises ``RefusedError``: ``already_running``, ``socket_unusable``.
    """
    name = listening.getsockname() if listening.family == socket.AF_UNIX else ""
    listens = listening.type == socket.SOCK_STREAM and listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    if not isinstance(name, str) or not name.startswith("/") or not listens:
        message = "what the service manager handed over is no listening Unix socket with a path"
        raise RefusedError(Reason.SOCKET_UNUSABLE, message, "`parleqctl service install` writes the units anew")
    path = Path(name)
    lock = _place(path)
    try:
        _check_private(path, path.lstat(), stat.S_IFSOCK)
    except FileNotFoundError:
        pass  # somebody removed it: those who have connected are served all the same
    except (OSError, RefusedError):
        os.close(lock)
        raise
    return ClaimedSocket(path, listening, lock, inherited=True)


def _place(path: Path) -> int:
    """Make sure of the socket's folder; the lock beside it."""
    try:
        _own_folder(path.parent)
        return _lock(
            path.with_suffix(".lock") if path.suffix == ".sock" else path.with_name(f"{path.name}.socket.lock")
        )
    except OSError as problem:
        raise _unusable(path, problem) from None


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file is there: device and inode, ``None`` for none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _own_folder(folder: Path) -> None:
    """Make the folder, or check that the one that is there is this user's and no link to elsewhere.

    One of our name is narrowed to this user, unless others could leave something in it until now. One that the user
    chose may be wider: the socket is 0600. In neither, nor above it, may others put a socket of theirs in its place.
    What lies above comes first: between a look at the folder and a change of its mode nobody must have replaced it.
    """
    _check_way_to(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) and not folder.is_dir():
            raise RefusedError(Reason.SOCKET_UNUSABLE, f"{folder} is no folder", "remove it") from None
        if folder.name.startswith("parleq"):
            _check_ours(folder, found)
            if stat.S_IMODE(found.st_mode) & 0o077:
                folder.chmod(0o700)
    _check_way_to(folder)


def _check_ours(folder: Path, found: os.stat_result) -> None:
    if found.st_uid != os.getuid() or stat.S_ISLNK(found.st_mode):
        message = f"{folder} is a link or belongs to another user: somebody else made it"
        raise RefusedError(Reason.SOCKET_UNUSABLE, message, "remove it, or choose --socket PATH")
    if found.st_mode & 0o022:
        message = f"others can write to {folder} (mode {stat.S_IMODE(found.st_mode):o}), and may have left something"
        raise RefusedError(Reason.SOCKET_UNUSABLE, message, "look what is in it and remove it: it is made anew")


def _check_way_to(folder: Path) -> None:
    """Whoever may rename a folder on the way may put another in its place."""
    trusted = trusted_owners(os.getuid(), _uid_map())
    resolved = folder.resolve(strict=True)
    for place in (resolved, *resolved.parents):
        found = place.stat()
        if replaceable(found.st_uid, found.st_mode, trusted):
            who = f"user id {found.st_uid}, mode {stat.S_IMODE(found.st_mode):o}"
            message = f"others can replace what lies in {place} ({who}), the socket too"
            hint = f"chmod go-w {place} if it is yours, or choose --socket PATH in a folder of your own"
            raise RefusedError(Reason.SOCKET_UNUSABLE, message, hint)


def _uid_map() -> str:
    try:
        return Path("/proc/self/uid_map").read_text(encoding="ascii")
    except OSError:
        return ""


def _lock(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _check_private(path, os.fstat(lock), stat.S_IFREG)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
    except BlockingIOError:
        holder = os.read(lock, 32).decode(errors="replace").strip()
        os.close(lock)
        message = f"parleqd is already running here (process {holder or 'unknown'})"
        raise RefusedError(Reason.ALREADY_RUNNING, message, "`parleqctl status` asks it how it is") from None
    except (OSError, RefusedError):
        os.close(lock)
        raise
    return lock


def _check_private(path: Path, found: os.stat_result, kind: int) -> None:
    """This user's alone, under this one name: not planted here, and on a file system that keeps modes."""
    ours = found.st_uid == os.getuid() and found.st_nlink == 1
    if stat.S_IFMT(found.st_mode) != kind or not ours or found.st_mode & 0o077:
        who = f"user id {found.st_uid}, mode {stat.S_IMODE(found.st_mode):o}, {found.st_nlink} names"
        message = f"{path} is not this user's alone ({who}; right would be {os.getuid()}, 600, 1)"
        hint = "look at it and remove it, or choose --socket PATH on a file system that keeps owners and modes"
        raise RefusedError(Reason.SOCKET_UNUSABLE, message, hint)


def _remove_dead(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        message = f"{path} exists and is no socket"
        raise RefusedError(Reason.SOCKET_UNUSABLE, message, "remove it, or choose --socket PATH")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
    raise RefusedError(Reason.ALREADY_RUNNING, f"another program listens on {path}", "choose --socket PATH")


def _bind(path: Path) -> socket.socket:
    """The file is 0600 from its first moment on, whatever the umask."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if sys.platform == "linux":
            os.fchmod(listening.fileno(), 0o600)  # bind gives the file this mode; nothing of the process is touched
            listening.bind(str(path))
        else:
            _bind_under_mask(listening, path)
        _check_private(path, path.lstat(), stat.S_IFSOCK)
    except (OSError, RefusedError):
        listening.close()
        raise
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


def _bind_under_mask(listening: socket.socket, path: Path) -> None:
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)


def _unusable(path: Path, problem: OSError) -> RefusedError:
    where = f"{problem.filename}: " if problem.filename not in (None, str(path)) else ""  # its folder, or the lock
    message = f"no socket can be made at {path}: {where}{problem.strerror or problem}"
    return RefusedError(Reason.SOCKET_UNUSABLE, message, "mend that folder, or choose --socket PATH or PARLEQ_SOCKET")


@asynccontextmanager
async def serving(claimed: ClaimedSocket, services: Services) -> AsyncIterator[None]:
    """Accept clients inside this block."""
    listener = await SocketListener.from_socket(claimed.listening)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(_accept, listener, services, tasks)
        yield
        tasks.cancel_scope.cancel()


async def _accept(listener: SocketListener, services: Services, tasks: TaskGroup) -> None:
    number = 0
    while True:
        try:
            stream = await listener.accept()
        except anyio.BrokenResourceError as problem:
            cause = problem.__cause__
            if not isinstance(cause, OSError) or cause.errno not in _PASSING:
                raise
            services.records.log("accept_failed", error=errno.errorcode[cause.errno])
            await anyio.sleep(0.2)  # until somebody hangs up
            continue
        number += 1
        tasks.start_soon(_serve, stream, services, number)


async def _serve(stream: SocketStream, services: Services, number: int) -> None:
    try:
        async with stream:
            uid = peer_uid(stream.extra(SocketAttribute.raw_socket))
            if uid == os.getuid():
                await Connection(stream, services, number).run()
            else:
                services.records.log("peer_refused", uid=uid)
    except* Exception as errors:  # noqa: BLE001 - a bug in one connection must not end the others
        services.records.bug("connection_failed", errors, "")


def peer_uid(raw: socket.socket) -> int:
    """The user at the other end, by the kernel's word: SO_PEERCRED of unix(7), LOCAL_PEERCRED of macOS's unix(4)."""
    if sys.platform == "linux":
        _, uid, _ = struct.unpack("3i", raw.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    else:
        sol_local, local_peercred = 0, 1
        _, uid = struct.unpack_from("2I", raw.getsockopt(sol_local, local_peercred, 128))
    return int(uid)
