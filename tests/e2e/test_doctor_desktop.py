"""`parleqctl doctor` on desktops that lack something: it names what, and the command that mends it.

No display, input devices that may not be read and no list at all: tests/unit/clients/parleqctl/test_desktop_check.py.
Microphones: test_microphone_choice.py; PortAudio: test_without_sound.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from parleqctl.desktop_check import examine_desktop
from parleqd._tools.private_bus import private_bus
from parleqd._tools.private_wayland import private_wayland
from parleqd._tools.private_x import private_x
from tests.e2e.programs import eventually, result_of, running_daemon
from tests.parts import ROOT, need


def checks(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """By name."""
    found = examine_desktop({**environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'clients'}"})
    return {check["check"]: check for check in found}


@pytest.mark.timeout(60)
def test_a_desktop_on_which_nobody_shows_notifications() -> None:
    for part in ("xvfb", "openbox", "dbus-daemon", "dbus-send", "dunst"):
        need(part)
    with private_x() as x, private_bus() as bus:
        desktop = {**bus.env, "DISPLAY": x.name}
        found = checks(desktop)
        assert found["desktop: keys"]["verdict"] == found["desktop: insertion"]["verdict"] == "ok"
        lacking = found["desktop: notifications"]
        assert (lacking["verdict"], lacking["reason"]) == ("warning", "no_notifications")
        assert "`sudo apt install dunst`" in lacking["hint"]
        bus.program("dunst", env={"DISPLAY": x.name})
        bus.until_has("org.freedesktop.Notifications")
        eventually(lambda: checks(desktop)["desktop: notifications"]["verdict"] == "ok", "it is there", 10)


@pytest.mark.timeout(60)
def test_a_wayland_desktop_without_a_portal() -> None:
    for part in ("sway", "dbus-daemon"):
        need(part)
    with private_wayland() as wayland, private_bus() as bus:
        found = checks({**bus.env, **wayland.env, "DBUS_SESSION_BUS_ADDRESS": bus.address})
    keys = found["desktop: keys"]
    assert (keys["verdict"], keys["reason"]) == ("warning", "no_portal")
    assert "`parleqctl toggle`" in keys["hint"]
    portal = found["desktop: keys: portal"]
    assert (portal["verdict"], portal["reason"]) == ("skipped", "no_portal")
    assert "xdg-desktop-portal" in portal["hint"]


@pytest.mark.timeout(120)
def test_the_command_tells_of_the_desktop_beside_the_daemon_s_own_parts() -> None:
    for part in ("xvfb", "openbox", "embedded-model"):
        need(part)
    with private_x() as x, running_daemon(environment={"DISPLAY": x.name}) as daemon:
        found = result_of(daemon.ctl("doctor", "--json"))
    names = [check["check"] for check in found["checks"]]
    assert names.index("settings") < names.index("microphone") < names.index("desktop: keys")
