from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from anyio.to_thread import run_sync

from parleq_client import LocalError
from parleqctl.service.installing import Service, keeper_here
from parleqctl.service.units import Programs
from parleqd import __version__
from tests.fakes.daemon import Refusal, running_daemon
from tests.fakes.service_manager import FakeKeeper

BOTH = ["d.socket", "d.service"]
STATUS: dict[str, Any] = {
    "state": "idle",
    "model": {"name": "tiny.en", "compute_type": "int8", "state": "ready"},
    "device": "default",
    "microphone": {"state": "idle", "device": "default", "chosen": "default"},
    "cleanup": {"mode": "instant", "targets": []},
    "pending": 0,
    "sessions": 0,
    "config": {"path": "/c", "state": "ok", "problems": []},
    "version": __version__,
    "pid": 7,
    "uptime_seconds": 1.0,
}


def service(keeper: FakeKeeper, socket: str | Path = "/nowhere/s.sock", within_s: float = 0.3) -> Service:
    return Service(keeper, Programs("/bin/d", "/bin/h"), str(socket), within_s)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.asyncio
async def test_a_service_is_installed_once_and_then_left_in_peace(tmp_path: Path) -> None:
    keeper = FakeKeeper(tmp_path / "units", running=["d.socket"])
    async with running_daemon({"status/get": STATUS}) as daemon:
        first = await run_sync(service(keeper, daemon.path).install)
        again = await run_sync(service(keeper, daemon.path).install)
    assert (first["written"], first["restarted"]) == (BOTH, "")
    assert (again["written"], again["restarted"]) == ([], "")
    assert keeper.done == [("take_up", *BOTH, False), ("take_up", False)]
    assert {name: again[name] for name in ("installed", "enabled", "running", "up_to_date")} == {
        "installed": True,
        "enabled": True,
        "running": True,
        "up_to_date": True,
    }


@pytest.mark.asyncio
async def test_an_older_daemon_is_replaced_though_its_units_are_the_same(tmp_path: Path) -> None:
    keeper = FakeKeeper(tmp_path / "units", running=BOTH)
    async with running_daemon({"status/get": {**STATUS, "version": "0.0.1"}}) as daemon:
        the_service = service(keeper, daemon.path)
        await run_sync(the_service.install)
        done = await run_sync(the_service.install)
        assert not (await run_sync(the_service.status))["up_to_date"]
    assert done["restarted"] == "0.0.1"
    assert keeper.done[-1] == ("take_up", True)


def test_what_does_not_start_is_undone_and_the_first_failure_told(tmp_path: Path) -> None:
    keeper = FakeKeeper(tmp_path / "units")
    keeper.broken = "no room"
    with pytest.raises(LocalError, match="no room; what was there before is back") as raised:
        service(keeper).install()
    assert raised.value.reason == "service_failed"
    assert list((tmp_path / "units").glob("*")) == []
    assert keeper.done[-2:] == [("give_up", *BOTH), ("forget",)]


@pytest.mark.asyncio
async def test_an_upgrade_that_does_not_answer_brings_the_old_units_back(tmp_path: Path) -> None:
    keeper = FakeKeeper(tmp_path / "units", running=["d.socket"])
    async with running_daemon({"status/get": STATUS}) as daemon:
        await run_sync(service(keeper, daemon.path).install)
    before = await run_sync(contents, keeper.folder)
    keeper.version = "2"
    with pytest.raises(LocalError, match="does not answer on"):
        await run_sync(service(keeper, daemon.path).install)
    assert await run_sync(contents, keeper.folder) == before
    assert keeper.done[-1] == ("take_up", *BOTH, True)


@pytest.mark.asyncio
async def test_a_daemon_that_was_started_by_hand_keeps_its_socket(tmp_path: Path) -> None:
    keeper = FakeKeeper(tmp_path / "units")
    async with running_daemon({"status/get": STATUS}) as daemon:
        with pytest.raises(LocalError, match="process 7") as raised:
            await run_sync(service(keeper, daemon.path).install)
    assert raised.value.reason == "already_running"
    assert keeper.done == []


@pytest.mark.parametrize("pending", [0, 2])
@pytest.mark.asyncio
async def test_what_is_removed_and_what_waits_is_told(tmp_path: Path, pending: int) -> None:
    keeper = FakeKeeper(tmp_path / "units", running=BOTH)
    async with running_daemon({"status/get": {**STATUS, "pending": pending}}) as daemon:
        await run_sync(service(keeper, daemon.path).install)
        done = await run_sync(service(keeper, daemon.path).uninstall)
    assert done["pending"] == pending
    assert done["removed"] == [str(keeper.folder / name) for name in BOTH]
    assert keeper.done[-2:] == [("give_up", *BOTH), ("forget",)]


def test_what_was_never_installed_can_be_uninstalled(tmp_path: Path) -> None:
    assert service(FakeKeeper(tmp_path / "units")).uninstall() == {"removed": [], "kept": [], "pending": 0}


@pytest.mark.asyncio
async def test_a_daemon_that_says_nothing_of_itself_is_unknown(tmp_path: Path) -> None:
    keeper = FakeKeeper(tmp_path / "units", running=BOTH)
    async with running_daemon({"status/get": Refusal("internal")}) as daemon:
        status = await run_sync(partial(service(keeper, daemon.path).status))
        assert await run_sync(service(keeper, daemon.path)._pending) == 0
    assert status["version"] == {"installed": __version__, "running": "unknown"}


def test_nothing_is_done_where_there_is_no_service_manager(tmp_path: Path) -> None:
    keeper = FakeKeeper(tmp_path / "units")
    keeper.missing = "none here"
    for act in (service(keeper).install, service(keeper).uninstall, service(keeper).status):
        with pytest.raises(LocalError, match="none here"):
            act()
    assert keeper.done == []


def test_each_system_has_its_keeper() -> None:
    assert keeper_here({}, "linux").name == "systemd"
    assert keeper_here({}, "darwin").name == "launchd"
