"""A server that plays one dictation by a script and watches the client: one connection of it."""

from __future__ import annotations

from time import monotonic

from parleqctl.conformance.line import Closed, Line, Silence
from parleqctl.conformance.sessions import RESULT
from parleqctl.conformance.unmet import Unmet
from parleqd.protocol.names import (
    MAX_INSTANCE_CHARACTERS,
    PROTOCOL_VERSION,
    Deliver,
    ErrorCode,
    Mode,
    ReceiptStatus,
    Source,
    Topic,
)

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from parleqctl.conformance.judge import Judge

    Object = dict[str, Any]

TEXT = "This is what the conformance check said."
_FUTURE: Object = {"from_the_future": {"more": [1, None]}}
_NOTES = ("initialized", "$/cancelRequest")
_GROUPS = ("session/", "text/", "history/", "events/", "status/", "settings/", "devices/", "models/", "doctor/")
_MORE_GROUPS = ("secrets/", "targets/", "azure/", "vocabulary/", "metrics/", "daemon/")
_LINGERS_SECONDS = 0.5
"""How long a client that has its text may take to leave by itself."""


class Script:
    """``pending``: ids of sessions that wait for the client. ``over``: the client has got and acknowledged its text."""

    def __init__(self, line: Line, judge: Judge, name: str, pending: list[str]) -> None:
        self.instance = ""
        self.over = False
        self.left = False
        self.fetched: list[str] = []
        self._line = line
        self._judge = judge
        self._name = name
        self._pending = pending
        self._told_initialized = False
        self._inserts = False
        self._heard = True  # is the recording over?
        self._fetchable = False  # has a session begun whose text the client is to fetch?
        self._waiting: list[Object] = []  # requests for the result of a recording that goes on
        self._asked: dict[str, Callable[[Object], None]] = {}
        self._handlers: dict[str, Callable[[Object], Object | None]] = {
            "session/start": self._start,
            "session/audio": lambda _: {},
            "session/stop": self._stop,
            "session/cancel": self._cancel,
            "session/result": self._result,
            "session/acknowledge": self._acknowledge,
            "session/pending": lambda _: {"sessions": [_pending(one) for one in self._pending]},
            "session/claim": lambda message: _pending(message["params"].get("session_id", "")),
            "events/subscribe": lambda message: {"topics": message["params"].get("topics", [])},
        }

    def play(self) -> None:
        """Until the client has its text, leaves, or says nothing more."""
        try:
            self._introduce()
            while True:
                done = self.over and not self._asked
                message = self._next(_LINGERS_SECONDS if done else self._line.patience)
                self._take(message)
        except Closed:
            self.left = True
        except Silence:
            pass
        for request in () if self.left and self.over else self._asked:
            self._judge.broken(_RULE_OF_REQUEST[request], "no answer")
        if self._fetchable and self._heard and not self.over:
            fetched = self._name in self.fetched
            self._judge.broken("acknowledge" if fetched else "session_result", "it was not, though the text was there")
        if self._told_initialized and not (self.left and not self.over):
            self._judge.met("tolerance")
        elif self._told_initialized:
            self._judge.broken("tolerance", "the client left")

    def _next(self, patience: float) -> Object:
        return self._line.receive(monotonic() + patience)

    def _introduce(self) -> None:
        message = self._next(self._line.patience)
        self._judge.see("initialize_first", message.get("method") == "initialize" and "id" in message, message)
        params = _object(message.get("params"))
        client = _object(params.get("client"))
        name, instance = client.get("name"), client.get("instance")
        self.instance = instance if isinstance(instance, str) else ""
        fits = isinstance(name, str) and 1 <= len(self.instance) <= MAX_INSTANCE_CHARACTERS
        self._judge.see("introduction", fits and params.get("protocol") == PROTOCOL_VERSION, message)
        self._inserts = bool(_object(params.get("capabilities")).get("insert"))
        self._send_result(message, _introduction(self._pending))

    def _take(self, message: Object) -> None:
        if "method" not in message:
            self._answered(message)
            return
        params = message.setdefault("params", {})
        method = str(message["method"])
        known = method in self._handlers or method in _NOTES or method.startswith((*_GROUPS, *_MORE_GROUPS))
        self._judge.see("known_methods", known and isinstance(params, dict), message)
        if not isinstance(params, dict):
            message["params"] = {}
        if "id" in message:
            self._request(method, message)
        elif method == "initialized":
            self._judge.see("initialized", not self._told_initialized, "initialized twice")
            self._told_initialized = True
            self._ask_things()

    def _request(self, method: str, message: Object) -> None:
        if not self._told_initialized:
            self._judge.broken("initialized", f"{method} came before it")
        waits = [one["id"] for one in self._waiting]
        fits = isinstance(message["id"], int | float | str) and not isinstance(message["id"], bool)
        self._judge.see("own_ids", fits and message["id"] not in waits, message)
        handler = self._handlers.get(method)
        if handler is None:
            error = {"code": int(ErrorCode.METHOD_NOT_FOUND), "message": f"the scripted server has no {method}"}
            self._line.send({"jsonrpc": "2.0", "id": message["id"], "error": error})
            return
        result = handler(message)
        if result is not None:
            self._send_result(message, result)
        if method == "session/start":
            self._tell_of_start(message["params"])

    # What the client is asked and told

    def _ask_things(self) -> None:
        self._line.notify("conformance/unknown", why="to be ignored", **_FUTURE)
        self._ask("conformance/unknown", {}, self._unknown_answered)
        if self._inserts:
            self._ask("insert/prepare", {"session_id": f"{self._name}-insert", **_FUTURE}, self._prepared)

    def _ask(self, method: str, params: Object, on_answer: Callable[[Object], None]) -> None:
        self._asked[method] = on_answer
        self._line.send({"jsonrpc": "2.0", "id": f"parleqd-{method}", "method": method, "params": params})

    def _answered(self, message: Object) -> None:
        on_answer = self._asked.pop(str(message.get("id")).removeprefix("parleqd-"), None)
        if on_answer is not None:
            on_answer(message)

    def _unknown_answered(self, message: Object) -> None:
        code = _object(message.get("error")).get("code")
        self._judge.see("unknown_request", code == ErrorCode.METHOD_NOT_FOUND, message)

    def _prepared(self, message: Object) -> None:
        result = _object(message.get("result"))
        target = result.get("target", "")
        fits = isinstance(target, str) and isinstance(result.get("context", {}), dict)
        self._judge.see("insert_prepare", fits and isinstance(message.get("result"), dict), message)
        params = {"session_id": f"{self._name}-insert", "text": TEXT, "target": target, "raw": TEXT, "edits": []}
        self._ask("text/insert", {**params, **_FUTURE}, self._inserted)

    def _inserted(self, message: Object) -> None:
        status = _object(message.get("result")).get("status")
        self._judge.see("text_insert", status in list(ReceiptStatus), message)

    def _tell_of_start(self, params: Object) -> None:
        self._tell_state("recording", params)
        partial = {"revision": 1, "stable": TEXT[:8], "provisional": TEXT[8:14]}
        self._line.notify("session/partial", session_id=self._name, **partial, **_FUTURE)
        if self._heard:
            self._line.notify("session/final", session_id=self._name, verdict="speech", **_FUTURE)

    def _tell_state(self, phase: str, params: Object) -> None:
        given = {"source": params.get("source"), "deliver": params.get("deliver", "return")}
        self._line.notify(
            "session/state", session_id=self._name, phase=phase, **given, end=None, reason=None, **_FUTURE
        )

    # What the client asks

    def _start(self, message: Object) -> Object:
        params = message["params"]
        self._judge.see("session_start", params.get("source") in list(Source), params)
        self._heard = params.get("source") == Source.FILE
        self._fetchable = params.get("deliver", Deliver.RETURN) != Deliver.INSERT
        if not self._fetchable:
            for rule in ("session_result", "acknowledge"):
                self._judge.skipped(rule, "its sessions are inserted, not fetched")
        return {"session_id": self._name}

    def _stop(self, _: Object) -> Object:
        self._heard = True
        self._line.notify("session/final", session_id=self._name, verdict="speech", **_FUTURE)
        for request in self._waiting:
            self._send_result(request, self._text_of(request))
        self._waiting.clear()
        return {"session_id": self._name}

    def _cancel(self, _: Object) -> Object:
        self.over = True
        return {"session_id": self._name}

    def _result(self, message: Object) -> Object | None:
        session_id = message["params"].get("session_id") or self._name
        if session_id in self._pending or self._heard:
            return self._text_of(message)
        self._waiting.append(message)
        return None

    def _text_of(self, message: Object) -> Object:
        session_id = message["params"].get("session_id") or self._name
        self.fetched.append(session_id)
        if session_id == self._name:
            self._judge.met("session_result")
        return result_object(session_id)

    def _acknowledge(self, message: Object) -> Object:
        params = message["params"]
        session_id, receipt = params.get("session_id"), _object(params.get("receipt", {"status": ReceiptStatus.READ}))
        rule = "pending" if session_id in self._pending else "acknowledge"
        self._judge.see(rule, self.fetched.count(session_id) and receipt.get("status") in list(ReceiptStatus), params)
        self.over = True
        return {}

    def _send_result(self, request: Object, result: Object) -> None:
        if "id" in request:
            self._line.send({"jsonrpc": "2.0", "id": request["id"], "result": {**result, **_FUTURE}})


_RULE_OF_REQUEST = {
    "conformance/unknown": "unknown_request",
    "insert/prepare": "insert_prepare",
    "text/insert": "text_insert",
}


def result_object(session_id: str) -> Object:
    """A ``SessionResult`` with the scripted text."""
    empty: Object = {name: [] for name, kind in RESULT.items() if kind is list}
    return {
        **empty, "session_id": session_id, "verdict": "speech", "raw": TEXT, "text": TEXT,
        "mode": {"asked": "instant", "used": "instant"}, "fallback": None, "audio_seconds": 2.0,
        "timings_ms": {"release_to_raw": 1.0, "cleanup": 1.0, "release_to_text": 2.0, "decode": 1.0},
        "model": {"name": "scripted", "compute_type": "none"}, "language": "en", "baseline": None,
    }  # fmt: skip


def _object(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def _introduction(pending: list[str]) -> Object:
    capabilities = {"sources": list(Source), "modes": list(Mode), "topics": list(Topic)}
    server = {"name": "parleqctl conformance", "version": "0"}
    waiting = [_pending(session_id) for session_id in pending]
    return {"server": server, "protocol": PROTOCOL_VERSION, "capabilities": capabilities, "pending": waiting}


def _pending(session_id: str) -> Object:
    about = {"state": "ready", "deliver": "return", "started": 0.0, "audio_seconds": 2.0}
    return {"session_id": session_id, **about, **_FUTURE}


def expect_client(line: Line, judge: Judge, name: str, pending: list[str]) -> Script:
    """Plays one connection to its end. Raises nothing: what is no message is judged too."""
    script = Script(line, judge, name, pending)
    try:
        script.play()
    except Unmet as unmet:
        judge.broken("own_ids", unmet)
    return script
