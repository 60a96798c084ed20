"""Starts the parts in order, and stops them in reverse."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
from anyio import to_thread

import parleqd
from parleqd.app.logging import DeferredLog, Sink
from parleqd.app.supervisor import Supervisor
from parleqd.core.ports import Log
from parleqd.engine import microphone
from parleqd.engine.bugs import bug_in
from parleqd.rpc import handlers  # noqa: F401 - importing it enters the handlers
from parleqd.rpc.listener import ClaimedSocket, serving
from parleqd.rpc.services import Services

REST_S = 2.0
"""How long nothing must have been going on."""
AGAIN_S, LONGEST_AGAIN_S = 1.0, 5.0
"""Before work that failed is begun again, doubled each time: what fails for ever must not fill the log."""


@asynccontextmanager
async def running(services: Services, claimed: ClaimedSocket) -> AsyncIterator[None]:
    """A daemon that answers on ``claimed`` inside this block. The socket comes first, the model behind it."""
    await services.vocabulary.start()  # a dictation that is resumed may need it
    async with anyio.create_task_group() as tasks, services.sessions.running(), serving(claimed, services):
        tasks.start_soon(kept_up, services, "recognition", services.recognition.run)
        tasks.start_soon(kept_up, services, "targets", services.targets.run)
        tasks.start_soon(kept_up, services, "calibrating", services.calibrating.run)
        tasks.start_soon(kept_up, services, "microphone", partial(keep_microphone, services))
        tasks.start_soon(kept_up, services, "memory", partial(_give_memory_back_at_rest, services))
        yield
        tasks.cancel_scope.cancel()


async def run(
    services: Services,
    claimed: ClaimedSocket,
    log: DeferredLog,
    make_sink: Callable[[], Sink],
    supervisor: Supervisor | None = None,
) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reloads the settings. ``make_sink`` is slow, so it runs in a thread."""
    supervisor = supervisor or Supervisor()
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        async with running(services, claimed), anyio.create_task_group() as tasks:
            asyncio.get_running_loop().set_exception_handler(partial(_tell_of_callback, log))
            log("listening", socket=str(claimed.path), version=parleqd.__version__)
            tasks.start_soon(kept_up, services, "log", partial(_install_sink, log, make_sink))
            tasks.start_soon(kept_up, services, "watchdog", supervisor.give_signs_of_life)
            tasks.start_soon(kept_up, services, "status", partial(supervisor.keep_posted, services))
            await supervisor.ready(services)
            async for received in signals:
                if received != signal.SIGHUP:
                    break
                await supervisor.reloading()
                await services.configuration.reload()
                await services.vocabulary.start()
                await supervisor.ready(services)
            await supervisor.stopping()
            log("stopping")
            tasks.cancel_scope.cancel()


async def kept_up(services: Services, name: str, work: Callable[[], Awaitable[None]], pause_s: float = AGAIN_S) -> None:
    """Do the work until it is done, or cancelled. What makes it fail (no descriptors, no memory) costs neither the
    daemon nor a text, and may pass."""
    pause = pause_s
    while True:
        began = anyio.current_time()
        try:
            await work()
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, and dictation goes on
            bug = bug_in(error)
            services.records.log("task_failed", task=name, error=bug.error, where=bug.where)
        if anyio.current_time() - began > LONGEST_AGAIN_S:
            pause = pause_s
        await anyio.sleep(pause)
        pause = min(2 * pause, LONGEST_AGAIN_S)


def _tell_of_callback(log: Log, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A callback of the event loop failed. asyncio itself would print the error's message."""
    bug = bug_in(context.get("exception") or RuntimeError())
    log("callback_failed", error=bug.error, where=bug.where)


async def keep_microphone(services: Services) -> None:
    """Keep the microphone ready, if there is one, until cancelled."""
    if services.microphone is not None:
        settings, log = services.configuration.settings, services.records.log
        await microphone.keep(services.microphone, settings, services.bus, log, services.sessions.microphone_is)


async def _give_memory_back_at_rest(services: Services) -> None:
    """What a crowd of clients needed goes back to the system once all is quiet; nobody waits for it."""
    rest = anyio.Event()
    services.sessions.driver.on_rest = rest.set
    while True:
        await rest.wait()
        rest = anyio.Event()  # before the pause: what comes to rest in it counts again
        services.sessions.driver.on_rest = rest.set
        await anyio.sleep(REST_S)
        if not services.sessions.busy():
            await to_thread.run_sync(_give_memory_back)


def _give_memory_back() -> None:
    from parleqd.speech_worker.process import give_memory_back  # ctypes: not at start-up

    give_memory_back()


async def _install_sink(log: DeferredLog, make_sink: Callable[[], Sink]) -> None:
    log.install(await to_thread.run_sync(make_sink))
