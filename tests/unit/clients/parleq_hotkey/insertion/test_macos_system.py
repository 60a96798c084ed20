"""The calls themselves need a Mac; what is decided around them is tried in test_macos.py."""

from __future__ import annotations

import importlib.util
import inspect

import pytest

from parleq_hotkey.insertion.macos_system import COMMAND, CONTROL, OPTION, SHIFT, MacSystem, PyObjC
from tests.fakes.mac_system import FakeMac

PORT = {name: value for name, value in vars(MacSystem).items() if inspect.isfunction(value) and name[0] != "_"}


@pytest.mark.parametrize("filled", [PyObjC, FakeMac])
def test_every_call_is_there_as_the_port_has_it(filled: type[MacSystem]) -> None:
    for name, wanted in PORT.items():
        assert inspect.signature(getattr(filled, name)) == inspect.signature(wanted), name


def test_flags_are_those_of_quartz() -> None:
    # CGEventTypes.h: kCGEventFlagMaskShift, …Control, …Alternate, …Command
    assert [flag.bit_length() - 1 for flag in (SHIFT, CONTROL, OPTION, COMMAND)] == [17, 18, 19, 20]


@pytest.mark.skipif(importlib.util.find_spec("AppKit") is not None, reason="pyobjc is installed")
def test_without_pyobjc_it_says_so() -> None:
    with pytest.raises(ImportError, match="AppKit"):
        PyObjC()
