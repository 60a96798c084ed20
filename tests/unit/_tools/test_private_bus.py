from __future__ import annotations

import pytest

from parleqd._tools.private_bus import NoBusError, private_bus
from tests.parts import need


def test_a_bus_of_its_own_that_ends_with_the_block() -> None:
    need("dbus-daemon")
    with private_bus() as first, private_bus() as second:
        assert first.address != second.address
        assert first.env["DBUS_SESSION_BUS_ADDRESS"] == first.address
        assert "DISPLAY" not in first.env
        assert first.has("org.freedesktop.DBus")
        program = first.program("sleep", "60")
        folder = first.folder
    assert program.poll() is not None
    assert not folder.exists()


def test_it_starts_nothing_by_itself() -> None:
    need("dbus-daemon")
    with private_bus() as bus:
        told = bus.program(
            "dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/", "org.a11y.Bus.GetAddress"
        )
        assert told.wait(timeout=10) == 1
        assert "ServiceUnknown" in bus.log


def test_a_name_that_nobody_takes() -> None:
    need("dbus-daemon")
    with private_bus() as bus:
        with pytest.raises(NoBusError, match=r"org\.example\.Nobody"):
            bus.until_has("org.example.Nobody", within_s=0.05)


def test_a_bus_that_was_killed_starts_again_at_its_address() -> None:
    need("dbus-daemon")
    with private_bus() as bus:
        bus.kill()
        assert not bus.has("org.freedesktop.DBus")
        bus.start()
        assert bus.has("org.freedesktop.DBus")
