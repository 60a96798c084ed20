"""One dictation as an object: started, fed, stopped, its result taken and acknowledged."""

from __future__ import annotations

from binascii import b2a_base64

from parleqd.protocol.names import SAMPLE_BYTES

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from parleq_client.connection import Connection

_AUDIO_BYTES = 1024 * 1024
"""Raw audio in one ``session/audio``: a third more as base64, well below what a message may have."""


class Dictation:
    """One session over a connection that has shaken hands.

    ``on_partial(stable, provisional)`` gets the hypothesis so far, ``on_phase(phase)`` each phase the session
    enters, ``on_level(dbfs)`` how loud it is (where the topic ``level`` was subscribed to); they are called while a
    method of this object waits. The object takes the connection's ``on_notification``, so there is one dictation at a
    time a connection; use several connections for several.

    ``phase`` is the latest that was told, "" before the first.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        on_partial: Callable[[str, str], None] | None = None,
        on_phase: Callable[[str], None] | None = None,
        on_level: Callable[[float], None] | None = None,
    ) -> None:
        self.session_id: str | None = None
        self.phase = ""
        self._connection = connection
        self._on_partial = on_partial
        self._on_phase = on_phase
        self._on_level = on_level
        self._early: list[tuple[str, dict[str, Any]]] = []
        connection.on_notification = self._note

    def start(self, source: str, **params: Any) -> str:
        """``session/start``, its text to be taken with `result`; gives the session's id.

        ``params`` are those of ``SessionStartParams``; what is None is left to the daemon.
        """
        given = {name: value for name, value in params.items() if value is not None}
        return self._begin("session/start", {"source": source, "deliver": "return", **given})

    def start_file(self, path: str, *, pace: str | None = None, mode: str | None = None) -> str:
        """Dictates an audio file, by its absolute path, at the pace of speech (``realtime``) or ``fast``."""
        return self.start("file", path=path, pace=pace, mode=mode)

    def start_stream(self, *, mode: str | None = None, on_disconnect: str | None = None) -> str:
        """Dictates what `feed` brings, until `stop`."""
        return self.start("stream", mode=mode, on_disconnect=on_disconnect)

    def start_microphone(
        self, *, mode: str | None = None, deliver: str | None = None, on_disconnect: str | None = None
    ) -> str:
        """Dictates what the microphone hears, until `stop`. With ``deliver`` "insert" the text is not `result`'s."""
        return self.start("microphone", mode=mode, deliver=deliver, on_disconnect=on_disconnect)

    def take_over(self) -> str:
        """Ends the recording of the microphone, whoever began it, and takes its text, to be had with `result`.

        Raises RefusedError: ``unknown_session`` when the microphone is not recording. The text of a ``return`` session
        stays its owner's (``not_owner``, in `result`).
        """
        return self._begin("session/stop", {"deliver": "return"})

    def recover(self) -> str:
        """Redoes the last capture from its audio."""
        return self._begin("session/recover", {})

    def feed(self, pcm: bytes) -> None:
        """Pushes audio: 16 kHz mono signed 16-bit little-endian, whole samples. Returns once it is kept safe.

        Raises ValueError for half a sample.
        """
        if len(pcm) % SAMPLE_BYTES:
            raise ValueError(f"{len(pcm)} bytes are no whole number of {SAMPLE_BYTES}-byte samples")
        for start in range(0, len(pcm), _AUDIO_BYTES):
            audio = b2a_base64(pcm[start : start + _AUDIO_BYTES], newline=False).decode("ascii")
            self._connection.call("session/audio", {"session_id": self._id(), "pcm": audio})

    def until_heard(self) -> None:
        """Waits until the first frame was heard: of a microphone, that may take a moment.

        Raises RefusedError with what was in the way when the dictation ended before.
        """
        while not self.phase:
            self._connection.wait()
        if self.phase == "ended":
            self.result()

    def while_recording(self) -> None:
        """Waits until the recording is over, whoever ends it."""
        while self.phase in ("", "recording"):
            self._connection.wait()

    def stop(self) -> None:
        """Ends the recording; transcribing goes on."""
        self._connection.call("session/stop", {"session_id": self._id()})

    def cancel(self, *, timeout: float = 2.0) -> None:
        """Gives the dictation up, in whatever phase it is."""
        self._connection.call("session/cancel", {"session_id": self._id()}, timeout=timeout)

    def result(self) -> dict[str, Any]:
        """Waits for the result (``SessionResult``), as long as it takes; repeatable until `acknowledge`."""
        return self._connection.call("session/result", {"session_id": self._id()}, timeout=None)

    def acknowledge(self, status: str, detail: str = "") -> None:
        """Says what became of the text (``ReceiptStatus``), once it is where it belongs: the session ends."""
        receipt = {"status": status, "detail": detail}
        self._connection.call("session/acknowledge", {"session_id": self._id(), "receipt": receipt})

    def _begin(self, method: str, params: dict[str, Any]) -> str:
        answer = self._connection.call(method, params)
        session_id = str(answer.get("session_id", ""))
        self.session_id = session_id
        # The daemon may tell of the session before it has answered with its name.
        early, self._early = self._early, []
        for note in early:
            self._note(*note)
        return session_id

    def _id(self) -> str:
        if self.session_id is None:
            raise ValueError("the dictation was not started")
        return self.session_id

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if self.session_id is None:
            self._early.append((method, params))
        elif params.get("session_id") != self.session_id:
            return
        elif method == "session/partial" and self._on_partial is not None:
            self._on_partial(str(params.get("stable", "")), str(params.get("provisional", "")))
        elif method == "session/level" and self._on_level is not None:
            self._on_level(float(params.get("dbfs", 0.0)))
        elif method == "session/state":
            self.phase = str(params.get("phase", ""))
            if self._on_phase is not None:
                self._on_phase(self.phase)
