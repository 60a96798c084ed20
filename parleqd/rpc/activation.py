"""The listening socket that a service manager opened before it started this process, and handed over.

systemd leaves it at descriptor 3 and says so in the environment (sd_listen_fds(3)); launchd hands it over when it is
asked for by its name in the agent's ``Sockets`` (launch_activate_socket(3)).
"""

from __future__ import annotations

import ctypes.util
import os
import socket
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from parleqd.core.errors import RefusedError
from parleqd.protocol.names import Reason

FIRST_DESCRIPTOR = 3  # SD_LISTEN_FDS_START
LAUNCHD_NAME = "parleqd"
"""The socket's name in the agent's property list."""
_VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


def inherited_socket(
    environment: MutableMapping[str, str],
    platform: str,
    system: Callable[[], Any] = lambda: ctypes.CDLL(ctypes.util.find_library("System")),
) -> socket.socket | None:
    """The socket, or ``None`` where nobody handed one over. ``platform`` is ``sys.platform``.

    The variables that tell of it are taken out of ``environment``: they are not for children. ``system`` gives
    macOS's libSystem. Raises ``RefusedError`` (``socket_unusable``) for anything but one socket.
    """
    descriptors = _of_launchd(system()) if platform == "darwin" else _of_systemd(environment)
    if not descriptors:
        return None
    if len(descriptors) > 1:
        raise _unusable(f"the service manager handed over {len(descriptors)} sockets; parleqd serves one")
    try:
        handed = socket.socket(fileno=descriptors[0])
    except OSError as problem:
        raise _unusable(f"what the service manager handed over is no socket: {problem.strerror}") from None
    handed.set_inheritable(False)
    handed.setblocking(False)
    return handed


def _of_systemd(environment: MutableMapping[str, str]) -> Sequence[int]:
    pid, count, _ = (environment.pop(name, "") for name in _VARIABLES)
    if pid != str(os.getpid()) or not count.isdecimal():  # meant for a parent, which forgot to take them out
        return ()
    return range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + int(count))


def _of_launchd(library: Any) -> Sequence[int]:
    """Every error number means that there is none: no launchd agent (ESRCH), no such name in it (ENOENT)."""
    found, count = ctypes.POINTER(ctypes.c_int)(), ctypes.c_size_t()
    if library.launch_activate_socket(LAUNCHD_NAME.encode(), ctypes.byref(found), ctypes.byref(count)) != 0:
        return []
    descriptors = [found[number] for number in range(count.value)]
    library.free(found)
    return descriptors


def _unusable(message: str) -> RefusedError:
    return RefusedError(Reason.SOCKET_UNUSABLE, message, "`parleqctl service install` writes the units anew")
