"""Where the socket and other passing files lie: pure rules, shared by the daemon and its clients.

Nothing here touches the disk: environment, user id, platform and mount table are arguments. Standard library
only, since ``parleqctl status`` loads it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Container, Mapping

SOCKET_VARIABLE = "PARLEQ_SOCKET"
SOCKET_NAME = "parleqd.sock"
UNMAPPED = 65534
"""The user id that stands for all that a user namespace does not map: Linux's default, which nobody changes."""
MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})


class PlaceError(ValueError):
    """No socket can lie there. ``message`` says why, ``hint`` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def socket_path(environment: Mapping[str, str], uid: int, platform: str) -> str:
    """The daemon's socket when no ``--socket`` is given.

    ``$PARLEQ_SOCKET``; else ``$XDG_RUNTIME_DIR/parleq/parleqd.sock``; else in `shared_memory_folder`, or
    under the temporary directory where the platform has none. ``platform`` is ``sys.platform``.

    Raises PlaceError when the result is longer than the platform's socket addresses may be.
    """
    return usable_socket_path(
        environment.get(SOCKET_VARIABLE) or f"{_folder(environment, uid, platform)}/{SOCKET_NAME}", platform
    )


def usable_socket_path(path: str, platform: str) -> str:
    """``path`` itself, or PlaceError when ``sun_path`` of <sys/un.h> cannot hold it and its closing NUL.

    That array has 108 bytes on Linux and 104 on macOS and the BSDs (unix(7), unix(4)).
    """
    limit = 108 if platform.startswith("linux") else 104
    length = len(path.encode("utf-8", "surrogateescape")) + 1
    if length > limit:
        raise PlaceError(
            f"the socket path takes {length} bytes with its closing NUL, but at most {limit} may be: {path}",
            f"choose a shorter one with --socket or {SOCKET_VARIABLE}",
        )
    return path


def memory_folders(environment: Mapping[str, str], uid: int, platform: str) -> tuple[str, ...]:
    """Folders (to be made, mode 0700) that may lie in memory: take the first that is `in_memory`.

    Empty where the platform has no such folder (macOS).
    """
    if not platform.startswith("linux"):
        return ()
    shared = shared_memory_folder(uid)
    runtime = _runtime_folder(environment)
    return (runtime, shared) if runtime else (shared,)


def shared_memory_folder(uid: int) -> str:
    """The user's own folder under Linux's world-writable memory file system."""
    return f"/dev/shm/parleq-{uid}"


def trusted_owners(uid: int, uid_map: str) -> frozenset[int]:
    """Whose folders a path may lead through: the user's and root's, by the text of ``/proc/self/uid_map``.

    Inside a user namespace that maps but some users (sandboxes, hardened services) root's folders may belong to
    nobody, as those of all others do there (user_namespaces(7)).
    """
    whole = not uid_map.strip() or uid_map.split()[2:] == ["4294967295"]
    return frozenset({0, uid} if whole else {0, uid, UNMAPPED})


def replaceable(owner: int, mode: int, trusted: Container[int]) -> bool:
    """Can others rename or replace what lies in a folder of this owner and mode? Not where it is sticky (sticky(7))."""
    return owner not in trusted or (bool(mode & 0o022) and not mode & 0o1000)


def in_memory(path: str, mount_table: str) -> bool:
    """Whether the absolute, resolved ``path`` lies in memory, by the text of ``/proc/mounts`` (fstab(5)).

    The longest mount point that holds the path decides, and of equal ones the latest, which hides the others.
    """
    best, kind = -1, ""
    for line in mount_table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescaped(fields[1]).rstrip("/")
        if (path == point or path.startswith(f"{point}/")) and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind in MEMORY_FILE_SYSTEMS


def _folder(environment: Mapping[str, str], uid: int, platform: str) -> str:
    runtime = _runtime_folder(environment)
    if runtime:
        return runtime
    if platform.startswith("linux"):
        return shared_memory_folder(uid)
    temporary = environment.get("TMPDIR") or "/tmp"
    return f"{temporary.rstrip('/')}/parleq-{uid}"


def _runtime_folder(environment: Mapping[str, str]) -> str:
    """``$XDG_RUNTIME_DIR/parleq``, or "": the XDG base directory specification has a relative one ignored."""
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    return f"{runtime.rstrip('/')}/parleq" if runtime.startswith("/") else ""


def _unescaped(field: str) -> str:
    r"""A mount point as it is: fstab(5) writes blank, tab, newline and backslash as ``\040``, ``\011``, …"""
    head, *rest = field.split("\\")
    return head + "".join(chr(int(part[:3], 8)) + part[3:] if part[:3].isdigit() else f"\\{part}" for part in rest)
