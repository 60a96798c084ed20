from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from parleq_hotkey.displays import Displays, Sockets, choose, find_displays, read_environment

X0 = {"DISPLAY": ":0"}
RUNTIME = "/run/user/1000"


def test_the_environment_comes_first() -> None:
    found = choose(X0, {"DISPLAY": ":1"}, Sockets([0, 1], [0, 1]), RUNTIME)
    assert found == Displays(":0", "", RUNTIME, "", "the environment")


def test_then_the_service_manager_which_knows_both() -> None:
    manager = {"DISPLAY": ":1", "WAYLAND_DISPLAY": "wayland-1", "XAUTHORITY": "/run/user/1000/xauth"}
    found = choose({}, manager, Sockets([1], [], ["wayland-1"]), RUNTIME)
    assert found == Displays(":1", "wayland-1", RUNTIME, "/run/user/1000/xauth", "the service manager")


def test_then_the_sockets_of_this_user() -> None:
    found = choose({}, {}, Sockets([0, 4], [4], ["wayland-2", "wayland-1"]), RUNTIME)
    assert (found.x11, found.wayland, found.source) == (":4", "wayland-1", "sockets")
    assert choose({}, {}, Sockets([4, 5], [4, 5]), RUNTIME) == Displays(runtime=RUNTIME)  # which one is the desktop?


def test_the_server_of_somebody_else_is_none() -> None:
    assert choose({}, {}, Sockets([0]), RUNTIME) == Displays(runtime=RUNTIME)


def test_a_display_that_has_ended_gives_way_to_one_that_is_there() -> None:
    found = choose(X0, {"DISPLAY": ":1"}, Sockets([1], [1]), RUNTIME)
    assert (found.x11, found.source) == (":1", "the service manager")
    assert choose(X0, {}, Sockets(), RUNTIME).x11 == ":0"


@pytest.mark.parametrize("display", ["box:10.0", "unix:0", ":0.0"])
def test_displays_of_all_shapes_count_as_there(display: str) -> None:
    assert choose({"DISPLAY": display}, {"DISPLAY": ":1"}, Sockets([0, 1], [0, 1]), RUNTIME).x11 == display


def test_wayland_by_its_path() -> None:
    assert choose({"WAYLAND_DISPLAY": "/srv/w"}, X0, Sockets([0], [0]), RUNTIME).wayland == "/srv/w"


def test_the_cookie_file_is_taken_from_who_knows_it() -> None:
    assert choose(X0, {"XAUTHORITY": "/run/cookie"}, Sockets([0]), RUNTIME).authority == "/run/cookie"
    own = {**X0, "XAUTHORITY": "/home/u/.Xauthority"}
    assert choose(own, {"XAUTHORITY": "/run/cookie"}, Sockets([0]), RUNTIME).authority == "/home/u/.Xauthority"


def test_what_libraries_are_told() -> None:
    assert Displays(":0", "", RUNTIME).environment() == {"DISPLAY": ":0", "XDG_RUNTIME_DIR": RUNTIME}
    full = Displays(":0", "wayland-0", RUNTIME, "/c").environment()
    assert full == {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XAUTHORITY": "/c", "XDG_RUNTIME_DIR": RUNTIME}


def test_the_service_managers_environment() -> None:
    printed = "HOME=/home/u\nDISPLAY=:1\nWAYLAND_DISPLAY='wayland-1'\nXAUTHORITY=\"/run/user/1/a b\"\nPATH=$'a\\nb'\n"
    assert read_environment(printed) == {
        "DISPLAY": ":1",
        "WAYLAND_DISPLAY": "wayland-1",
        "XAUTHORITY": "/run/user/1/a b",
    }


@pytest.mark.parametrize("printed", ["DISPLAY=':1", "", "DISPLAY"])
def test_what_makes_no_sense_is_no_display(printed: str) -> None:
    assert not read_environment(printed).get("DISPLAY")


@pytest.mark.asyncio
async def test_the_service_manager_is_asked_when_the_environment_knows_nothing(tmp_path: Path) -> None:
    manager = (sys.executable, "-c", "print('DISPLAY=:7')")
    found = await find_displays({"XDG_RUNTIME_DIR": str(tmp_path)}, x11_sockets=tmp_path, manager=manager)
    assert found == Displays(":7", "", str(tmp_path), "", "the service manager")


@pytest.mark.asyncio
@pytest.mark.parametrize("manager", [("/no/such/program",), (sys.executable, "-c", "raise SystemExit(1)")])
async def test_sockets_are_found_without_a_service_manager(tmp_path: Path, manager: tuple[str, ...]) -> None:
    for name in ("X3", "Xlock", "wayland-0", "wayland-0.lock"):
        (tmp_path / name).touch()
    found = await find_displays({"XDG_RUNTIME_DIR": str(tmp_path)}, x11_sockets=tmp_path, manager=manager)
    assert (found.x11, found.wayland) == (":3", "wayland-0")


@pytest.mark.asyncio
@pytest.mark.parametrize("own", [{"DISPLAY": ""}, {"WAYLAND_DISPLAY": ""}, {"DISPLAY": "", "WAYLAND_DISPLAY": ""}])
async def test_an_empty_name_says_that_there_shall_be_none(tmp_path: Path, own: dict[str, str]) -> None:
    (tmp_path / "X3").touch()
    manager = (sys.executable, "-c", "print('DISPLAY=:7')")
    found = await find_displays({**own, "XDG_RUNTIME_DIR": str(tmp_path)}, x11_sockets=tmp_path, manager=manager)
    assert (found.x11, found.wayland) == ("", "")


@pytest.mark.asyncio
async def test_a_display_of_the_environment_that_is_there_is_asked_nobody_about(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X0"))
    own = {"DISPLAY": ":0", "XDG_RUNTIME_DIR": str(tmp_path)}
    found = await find_displays(own, x11_sockets=tmp_path, manager=(sys.executable, "-c", "print('DISPLAY=:7')"))
    assert found.x11 == ":0"
