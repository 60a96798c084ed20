"""The worker's end of the command socket, and the thread that reads it.

The thread is running before anything heavy is imported and answers pings whatever the main thread does: CTranslate2
and onnxruntime let go of the interpreter while they work. All other commands wait for the main thread.
"""

from __future__ import annotations

import socket
import time
from collections import deque
from threading import Condition, Lock, Thread

from parleqd.core.speech import wire
from parleqd.core.speech.messages import Command, Event, Finish, Ping, Pong

_READ_BYTES = 256 * 1024


class Link:
    """Takes commands from the daemon and sends events back."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._sending = Lock()
        self._commands: deque[Command] = deque()
        self._arrived = Condition()
        self._ended = False
        self._step_began: float | None = None
        self._held_up: dict[str, float] = {}

    def start(self) -> None:
        """Begin to read."""
        Thread(target=self._read, name="link", daemon=True).start()

    def send(self, *events: Event) -> None:
        """Send events, all or (when the daemon is gone) none; a segment's block arrives as a whole."""
        try:
            with self._sending:
                self._socket.sendall(wire.pack(*events))
        except OSError:
            self._end()

    def take(self, *, wait: bool) -> list[Command] | None:
        """The commands that have come, in order; ``None`` once the daemon has closed its end."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._ended or self._commands or not wait)
            if self._ended:
                return None
            commands = list(self._commands)
            self._commands.clear()
            return commands

    def held_up_ms(self, utterance: str) -> float:
        """For how long an utterance's ``Finish`` has been waiting for a piece of work to end; asked once."""
        arrived = self._held_up.pop(utterance, None)
        return 0.0 if arrived is None else (time.monotonic() - arrived) * 1000

    def step_begins(self) -> None:
        """A piece of work begins now: pongs tell for how long it has been going on."""
        self._step_began = time.monotonic()

    def step_ends(self) -> None:
        """The piece of work is done."""
        self._step_began = None

    def _read(self) -> None:
        unpacker = wire.commands()
        try:
            while data := self._socket.recv(_READ_BYTES):
                for command in unpacker.feed(data):
                    self._arrive(command)
        except (OSError, wire.WireError):
            pass  # the daemon went without a word, or in the middle of one
        finally:
            self._end()

    def _arrive(self, command: Command) -> None:
        if isinstance(command, Ping):
            began = self._step_began
            self.send(Pong(command.number, 0.0 if began is None else time.monotonic() - began))
            return
        if isinstance(command, Finish) and self._step_began is not None:
            self._held_up[command.utterance] = time.monotonic()
        with self._arrived:
            self._commands.append(command)
            self._arrived.notify()

    def _end(self) -> None:
        with self._arrived:
            self._ended = True
            self._arrived.notify()
