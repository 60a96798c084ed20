"""Starts the parts in order, and stops them in reverse."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
from anyio import to_thread

import parleqd
from parleqd.app.logging import DeferredLog, Sink
from parleqd.engine import microphone
from parleqd.rpc import handlers  # noqa: F401 - importing it enters the handlers
from parleqd.rpc.listener import ClaimedSocket, serving
from parleqd.rpc.services import Services

REST_S = 2.0
"""How long nothing must have been going on."""


@asynccontextmanager
async def running(services: Services, claimed: ClaimedSocket) -> AsyncIterator[None]:
    """A daemon that answers on ``claimed`` inside this block. The socket comes first, the model behind it."""
    await services.vocabulary.start()  # a dictation that is resumed may need it
    async with anyio.create_task_group() as tasks, services.sessions.running(), serving(claimed, services):
        tasks.start_soon(services.recognition.run)
        tasks.start_soon(services.targets.run)
        tasks.start_soon(services.calibrating.run)
        tasks.start_soon(keep_microphone, services)
        tasks.start_soon(_give_memory_back_at_rest, services)
        yield
        tasks.cancel_scope.cancel()


async def run(services: Services, claimed: ClaimedSocket, log: DeferredLog, make_sink: Callable[[], Sink]) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reloads the settings. ``make_sink`` is slow, so it runs in a thread."""
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        async with running(services, claimed), anyio.create_task_group() as tasks:
            log("listening", socket=str(claimed.path), version=parleqd.__version__)
            tasks.start_soon(_install_sink, log, make_sink)
            async for received in signals:
                if received != signal.SIGHUP:
                    break
                await services.configuration.reload()
                await services.vocabulary.start()
            log("stopping")
            tasks.cancel_scope.cancel()


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
