from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from parleqd.core.errors import RefusedError
from parleqd.rpc.activation import LAUNCHD_NAME, inherited_socket
from tests.parts import ROOT

# A process that finds so many sockets at the descriptors from 3 on, as systemd leaves them.
PROGRAM = """
import os, sys
from parleqd.core.errors import RefusedError
from parleqd.rpc.activation import inherited_socket
environment = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": sys.argv[1], "LISTEN_FDNAMES": "x", "HOME": "/"}
try:
    found = inherited_socket(environment, "linux")
    print(found.getsockname(), found.get_inheritable(), found.getblocking(), environment)
except RefusedError as error:
    print(error.reason, error.message)
"""


def found_by_a_child(count: int, descriptor: int) -> str:
    """``descriptor`` becomes 3, and 4, in the child."""
    shell = f"exec 4<&{descriptor} 3<&{descriptor}; exec {sys.executable} -c '{PROGRAM}' {count}"
    done = subprocess.run(
        ["bash", "-c", shell], pass_fds=[descriptor], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.strip()


def test_a_socket_at_descriptor_3_is_taken_over_and_children_are_told_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        assert found_by_a_child(1, listening.fileno()) == f"{tmp_path / 's'} False False {{'HOME': '/'}}"


def test_more_than_one_socket_is_one_too_many(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        assert found_by_a_child(2, listening.fileno()).startswith("socket_unusable the service manager handed over 2")


def test_a_file_is_no_socket(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        assert "is no socket" in found_by_a_child(1, file.fileno())


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"LISTEN_PID": "1", "LISTEN_FDS": "1"},
        {"LISTEN_FDS": "1"},
        {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "0"},
        {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "-1"},
        {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "many"},
    ],
)
def test_what_is_not_meant_for_this_process_is_left_alone_but_forgotten(told: dict[str, str]) -> None:
    environment = {**told, "HOME": "/"}
    assert inherited_socket(environment, "linux") is None
    assert environment == {"HOME": "/"}


class LaunchdLibrary:
    """macOS's libSystem, as far as launch_activate_socket(3) goes. ``answer``: 0, or an error number."""

    def __init__(self, descriptors: list[int], answer: int = 0) -> None:
        self._held = (ctypes.c_int * len(descriptors))(*descriptors)
        self._answer = answer
        self.freed = 0

    def launch_activate_socket(self, name: bytes, found: object, count: object) -> int:
        assert name == LAUNCHD_NAME.encode()
        if self._answer == 0:
            found_at = ctypes.cast(found, ctypes.POINTER(ctypes.POINTER(ctypes.c_int)))  # type: ignore[arg-type]
            found_at[0] = ctypes.cast(self._held, ctypes.POINTER(ctypes.c_int))
            ctypes.cast(count, ctypes.POINTER(ctypes.c_size_t))[0] = len(self._held)  # type: ignore[arg-type]
        return self._answer

    def free(self, _: object) -> None:
        self.freed += 1


def test_launchd_is_asked_for_the_socket_by_its_name(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        library = LaunchdLibrary([os.dup(listening.fileno())])
        found = inherited_socket({}, "darwin", lambda: library)
        assert found is not None
        with found:
            assert found.getsockname() == str(tmp_path / "s")
            assert not found.getblocking()
        assert library.freed == 1


@pytest.mark.parametrize("errno", [2, 3])
def test_without_an_agent_launchd_gives_none(errno: int) -> None:
    assert inherited_socket({}, "darwin", lambda: LaunchdLibrary([], errno)) is None


def test_two_sockets_of_launchd_are_one_too_many() -> None:
    with pytest.raises(RefusedError, match="2 sockets"):
        inherited_socket({}, "darwin", lambda: LaunchdLibrary([7, 8]))
