from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from parleqctl.desktop_check import examine_desktop
from tests.parts import ROOT


def back_end(
    kind: str, name: str, usable: bool, message: str, hint: str = "", reason: str | None = None
) -> dict[str, Any]:
    return {"kind": kind, "name": name, "usable": usable, "message": message, "hint": hint, "reason": reason}


def examined(*back_ends: dict[str, Any]) -> list[dict[str, Any]]:
    asked = "import json, sys; assert sys.argv[1:] == ['--list-back-ends', '--json']"
    source = f"{asked}; print(json.dumps({{'back_ends': {back_ends!r}}}))"
    return examine_desktop({}, (sys.executable, "-c", source))


EVDEV = back_end("keys", "evdev", False, "may not read /dev/input", "`sudo usermod -aG input u`", "input_forbidden")
PORTAL = back_end("keys", "portal", False, "no portal", "`apt install xdg-desktop-portal-gnome`", "no_portal")
X11 = back_end("insertion", "x11", True, "pastes")
SILENT = back_end(
    "feedback", "notifications", False, "no program shows them", "`apt install dunst`", "no_notifications"
)


SESSION = (
    "run this, and parleq-hotkey, within the desktop session; a service finds it after "
    "`systemctl --user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY`"
)


def test_one_way_that_works_is_enough() -> None:
    keys, insertion = examined(EVDEV, back_end("keys", "x11", True, "grabs it"), X11)
    assert (keys["check"], keys["verdict"], keys["message"]) == ("desktop: keys", "ok", "x11: grabs it")
    assert (insertion["check"], insertion["verdict"]) == ("desktop: insertion", "ok")


def test_where_none_works_each_says_why_and_what_mends_it() -> None:
    first, evdev, portal, insertion, silent = examined(EVDEV, PORTAL, X11, SILENT)
    assert (first["verdict"], first["reason"]) == ("warning", "input_forbidden")
    assert "`parleqctl toggle`" in first["hint"]
    for check, expected in ((evdev, EVDEV), (portal, PORTAL)):
        assert check["check"] == f"desktop: keys: {expected['name']}"
        assert {key: check[key] for key in ("message", "hint", "reason")} == {
            key: expected[key] for key in ("message", "hint", "reason")
        }
    assert insertion["verdict"] == "ok"
    assert (silent["check"], silent["verdict"], silent["hint"]) == (
        "desktop: notifications",
        "warning",
        "`apt install dunst`",
    )


def test_what_is_off_anyway_is_not_missed() -> None:
    (check,) = examined(back_end("feedback", "overlay", False, "there is no Tk", "`apt install python3-tk`"))
    assert (check["check"], check["verdict"], check["hint"]) == (
        "desktop: overlay",
        "skipped",
        "`apt install python3-tk`",
    )


def test_without_a_display_one_line_says_it() -> None:
    none = back_end("keys", "x11", False, "there is no display", "start it within the session", "no_display")
    assert examined(EVDEV, none, SILENT) == [
        {
            "check": "desktop",
            "verdict": "warning",
            "message": "there is no display",
            "hint": SESSION,
            "reason": "no_display",
        }
    ]


def test_what_is_never_chosen_by_itself_does_not_count() -> None:
    x11, clipboard = back_end("insertion", "x11", False, "no XTEST"), back_end("insertion", "clipboard", True, "copies")
    first, *_ = examined(x11, clipboard)
    assert (first["check"], first["verdict"]) == ("desktop: insertion", "warning")


@pytest.mark.parametrize(
    "source", ["import sys; sys.exit('no such option')", "print('[]')", "print('{\"back_ends\": [1]}')"]
)
def test_a_program_that_gives_no_list_is_a_warning(source: str) -> None:
    (check,) = examine_desktop({}, (sys.executable, "-c", source))
    assert (check["check"], check["verdict"], check["reason"]) == ("desktop", "warning", "internal")
    assert "exit code" in check["message"]


def test_a_program_that_is_not_there_is_a_warning() -> None:
    (check,) = examine_desktop({}, ("/nowhere/parleq-hotkey",))
    assert "No such file" in check["message"]


def test_the_real_program_answers() -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")}
    checks = examine_desktop({**kept, "PYTHONPATH": f"{ROOT}:{ROOT / 'clients'}"})
    assert checks
    assert all(check["check"].startswith("desktop") and check["reason"] != "internal" for check in checks), checks
