"""A desktop on which assistive technology is at work: a display, a session bus, and the accessibility bus on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from parleqd._tools.private_bus import PrivateBus, private_bus
from parleqd._tools.private_x import PrivateX, private_x
from tests.parts import need


@dataclass(frozen=True)
class AccessibleDesktop:
    """``env``: what programs need, on the ``display``, to be seen by assistive technology."""

    bus: PrivateBus
    display: PrivateX

    @property
    def env(self) -> dict[str, str]:
        """Variables beyond those of the display; the last makes Chromium take part."""
        return {"DBUS_SESSION_BUS_ADDRESS": self.bus.address, "NO_AT_BRIDGE": "0", "ACCESSIBILITY_ENABLED": "1"}

    def start_accessibility(self) -> None:
        """Starts the accessibility bus, which starts its registry by itself."""
        launcher = str(need("accessibility"))
        self.bus.program(launcher, "--launch-immediately", env={"DISPLAY": self.display.name})
        self.bus.until_has("org.a11y.Bus")


@contextmanager
def accessible_desktop() -> Iterator[AccessibleDesktop]:
    """A display with a window manager and both buses, for the block."""
    for part in ("dbus-daemon", "dbus-send", "accessibility", "xvfb", "openbox", "xdotool"):
        need(part)
    with private_bus() as bus, private_x() as display:
        desktop = AccessibleDesktop(bus, display)
        desktop.start_accessibility()
        yield desktop
