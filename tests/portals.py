"""A portal for one test, on a bus of its own: the real one over a back-end made up here, or one all made up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread

from parleq_hotkey.portals import NAME
from parleqd._tools.private_bus import PrivateBus
from tests.fakes.portal import FakePortal
from tests.fakes.portal_backend import DESCRIPTION, FakePortalBackend
from tests.parts import find, listed, need

Desk = FakePortal | FakePortalBackend


@asynccontextmanager
async def running_portal(daemon: PrivateBus, kind: str) -> AsyncIterator[Desk]:
    """A portal on that bus, "real" or "fake"; what is given is the hand that a test has on it."""
    if kind == "fake":
        fake = FakePortal()
        async with fake.on(daemon.address):
            yield fake
        return
    backend = FakePortalBackend()
    async with backend.on(daemon.address):
        await to_thread.run_sync(_start, daemon)
        yield backend


def need_portal(kind: str) -> None:
    """Skips the test where this kind cannot be had."""
    need("dbus-daemon")
    if kind == "real":
        need("desktop-portal")


def _start(daemon: PrivateBus) -> None:
    """Starts the portal, and the store where it keeps what the user allowed."""
    program = find(listed()["desktop-portal"])
    assert program is not None
    folder = daemon.folder / "portals"
    folder.mkdir()
    (folder / "example.portal").write_text(DESCRIPTION, encoding="utf-8")
    env = {"XDG_DESKTOP_PORTAL_DIR": str(folder), "XDG_CURRENT_DESKTOP": "example", "GIO_USE_VFS": "local"}
    env |= {"XDG_DATA_HOME": str(daemon.folder / "data"), "GSETTINGS_BACKEND": "memory"}
    daemon.program(str(program.with_name("xdg-permission-store")), env=env)
    daemon.until_has("org.freedesktop.impl.portal.PermissionStore")
    daemon.program(str(program), env=env)
    daemon.until_has(NAME)
