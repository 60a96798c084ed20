"""A deployment on loopback that fails in every way known, as often in one as in another, and keeps its own account.

The statuses, bodies and headers are those of Azure, of gateways and proxies, as `core.polish.failures` reads them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import formatdate
from random import Random

import anyio
from anyio.abc import SocketAttribute

from parleqd.core.polish.prompt import PROBE_TEXT
from parleqd.core.polish.routing import LONGEST_COOLDOWN_S
from tests.fakes.http_server import Do, HttpServer, Script, Seen, Step, chunk, head, whole

TRAP = "/followed"
"""Where redirects lead to: nobody may ever come there."""
OPTIONS = whole(b"", 200)

Play = Callable[[Random, str, float], Script]
"""An answer, from chance, the transcript and the time."""


@dataclass(frozen=True)
class Way:
    """One way to answer. ``hint_s``: seconds for which it asks to be left alone, 0 for none."""

    name: str
    play: Play
    hint_s: float = 0.0
    slow: bool = False


def polished(raw: str) -> str:
    """What a good model makes of a transcript of these tests: other than any other cleanup would."""
    text = raw.removeprefix("um ")
    return f"{text[:1].upper()}{text[1:]}!"


def transcript_of(request: Seen) -> str:
    """What a request asks to clean."""
    content: str = json.loads(request.body)["messages"][-1]["content"]
    return content.rpartition("<transcript>\n")[2].partition("\n</transcript>")[0]


# Answers


def _chunks(*chunks: object, done: bool = True) -> list[bytes]:
    events = [b"data: " + json.dumps(each).encode() + b"\n\n" for each in chunks]
    return [*events, *([b"data: [DONE]\n\n"] if done else [])]


def _delta(**delta: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}], "usage": None}


def _finish(reason: str) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}


FIRST = {"id": "", "object": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": []}
USAGE = {"choices": [], "usage": {"prompt_tokens": 300, "completion_tokens": 20, "prompt_tokens_details": None}}
NOTE = {"id": "", "choices": [{"index": 0, "finish_reason": None, "content_filter_results": {}}]}
"""An annotation of the filter that runs beside the stream: a choice without a delta."""
_HEAD = head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", "apim-request-id": "r-1"})


def _events(text: str) -> list[bytes]:
    half = len(text) // 2
    return _chunks(
        FIRST, _delta(role="assistant", content=""), _delta(content=text[:half]), _delta(content=None),
        _delta(content=text[half:]), NOTE, _finish("stop"), NOTE, USAGE,
    )  # fmt: skip


def _streamed(events: Sequence[bytes]) -> list[Step]:
    return [_HEAD, *(chunk(event) for event in events), chunk(b"")]


def _stream(of: Callable[[str], Sequence[bytes]]) -> Play:
    return lambda chance, raw, now: _streamed(of(raw))


def good(chance: Random, raw: str, now: float) -> Script:
    """The cleaned text, in pieces."""
    return _streamed(_events(polished(raw)))


def _good_bytes(raw: str) -> bytes:
    return b"".join(step for step in _streamed(_events(polished(raw))) if isinstance(step, bytes))


def _refusal(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Play:
    return lambda chance, raw, now: [whole(body, status, {"Content-Type": "application/json", **(headers or {})})]


def _error(http: int, code: object, message: str, headers: Mapping[str, str] | None = None, **more: object) -> Play:
    return _refusal(http, json.dumps({"error": {"code": code, "message": message, **more}}).encode(), headers)


def _cut(ending: Do) -> Play:
    """The connection ends anywhere: in the head, between two chunks, in the middle of one."""

    def play(chance: Random, raw: str, now: float) -> Script:
        answer = _good_bytes(raw)
        return [answer[: chance.randrange(len(answer) - len(chunk(b"")))], ending]

    return play


def _cut_stream(chance: Random, raw: str, now: float) -> Script:
    """An orderly end before the text's."""
    events = _events(polished(raw))[:-4]
    return _streamed(events[: chance.randrange(1, len(events) + 1)])


def _stall(chance: Random, raw: str, now: float) -> Script:
    """Silence after any byte of the answer but its end."""
    answer = _good_bytes(raw)
    return [answer[: chance.randrange(len(answer) // 2)], Do.HANG]


def _late(chance: Random, raw: str, now: float) -> Script:
    """The right answer, when nobody waits for it any more."""
    return [LATE_S, *good(chance, raw, now)]


def _dribble(chance: Random, raw: str, now: float) -> Script:
    """A byte at a time, for longer than anybody may wait."""
    steps: list[Step] = [_HEAD]
    for byte in b"".join(_events(polished(raw))):
        steps += [chunk(bytes([byte])), 0.02]
    return steps


def _date(chance: Random, raw: str, now: float) -> Script:
    return [whole(b"", 429, {"Retry-After": formatdate(now + 31, usegmt=True)})]


def _redirect(status: int) -> Play:
    return lambda chance, raw, now: [whole(b"", status, {"Location": TRAP})]


LATE_S = 1.5
_RATE = "Requests to the ChatCompletions_Create Operation have exceeded token rate limit."
_FILTERED = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
_CATEGORIES = {"hate": {"filtered": False, "severity": "safe"}, "jailbreak": {"filtered": True, "detected": True}}
_DENIED = "The principal `p` lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/deployments/x`"
_AUDIENCE = "Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or expired."
_HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_STATUSES = [
    Way("filtered", _error(400, "content_filter", _FILTERED, param="prompt", status=400, innererror={
        "code": "ResponsibleAIPolicyViolation", "content_filter_result": _CATEGORIES})),
    Way("filtered, other spelling", _error(400, "content_filter", _FILTERED, inner_error={
        "code": "ResponsibleAIPolicyViolation", "content_filter_results": _CATEGORIES})),
    Way("filtered, no more said", _error(400, "content_filter", _FILTERED)),
    Way("max_tokens", _error(400, "unsupported_parameter", "Unsupported parameter: 'max_tokens' is not supported with "
        "this model. Use 'max_completion_tokens' instead.", param="max_tokens")),
    Way("temperature", _error(400, "unsupported_value", "'temperature' does not support 0", param="temperature")),
    Way("temperature, no code", _error(400, None, "Unsupported parameter: 'temperature'")),
    Way("stream_options", _error(400, "unknown_parameter", "Unknown parameter: 'stream_options'.",
        param="stream_options")),
    Way("context length", _error(400, "context_length_exceeded", "too long")),
    Way("bad request", _error(400, "invalid_request_error", "no")),
    Way("key", _error(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.")),
    Way("token", _refusal(401, json.dumps({"statusCode": 401, "message": f"Unauthorized. {_AUDIENCE}"}).encode())),
    Way("role", _error(401, "PermissionDenied", _DENIED)),
    Way("billing", _error(402, "402", "pay")),
    Way("network", _error(403, "AccessDenied", "Access denied due to Virtual Network/Firewall rules.")),
    Way("private", _error(403, "403", "Public access is disabled. Please configure private endpoint.")),
    Way("blocked", _error(403, 403, "resource has been temporarily blocked")),
    Way("no deployment", _error(404, "DeploymentNotFound", "The API deployment for this resource does not exist.")),
    Way("not found", _error(404, "404", "Resource not found")),
    Way("proxy", _refusal(407, b"")),
    Way("timed out", _error(408, "Timeout", "The operation was timeout.")),
    Way("conflict", _error(409, "409", "conflict")),
    Way("too large", _refusal(413, b"Request Entity Too Large")),
    Way("unprocessable", _refusal(422, b'{"detail":[{"loc":["body"],"msg":"no"}]}')),
    Way("rate", _error(429, "429", _RATE)),
    Way("rate, 0", _error(429, "429", _RATE, {"Retry-After": "0"})),
    Way("rate, 150 ms", _error(429, "429", _RATE, {"Retry-After-Ms": "150", "Retry-After": "60"}), 0.15),
    Way("rate, other 150 ms", _error(429, "429", _RATE, {"x-ms-retry-after-ms": "150"}), 0.15),
    Way("rate, seconds", _error(429, "RateLimitReached", _RATE, {"Retry-After": "7"}), 7),
    Way("rate, words", _error(429, "429", f"{_RATE} Please retry after 6 seconds."), 6),
    Way("rate, date", _date, 30),
    Way("rate, a day", _error(429, "429", f"{_RATE} Please retry after 86400 seconds.", {"Retry-After": "86400"}),
        86400),
    Way("rate, not again", _error(429, "429", _RATE, {"x-should-retry": "false", "Retry-After": "1"}), 1),
    Way("quota", _error(429, "insufficient_quota", "You exceeded your current quota")),
    Way("broken", _error(500, "InternalServerError", "oops")),
    Way("broken, words", _refusal(500, b"Internal Server Error", {"Content-Type": "text/plain"})),
    Way("gateway", _refusal(502, _HTML, {"Content-Type": "text/html"})),
    Way("overloaded", _refusal(503, b"", {"Retry-After": "2"}), 2),
    Way("overloaded, again", _error(503, "503", "high demand", {"x-should-retry": "true"})),
    Way("gateway, late", _refusal(504, _HTML)),
    Way("moved", _redirect(301)),
    Way("found", _redirect(302)),
    Way("temporarily moved", _redirect(307)),
    Way("informed only", _refusal(204, b"")),
]  # fmt: skip
_BODIES = [
    Way("page", _refusal(200, b"<!doctype html><title>Sign in to the network</title>")),
    Way("nothing", _refusal(200, b"")),
    Way("words", _refusal(200, b"OK")),
    Way("null", _refusal(200, b"null")),
    Way("half of a JSON", _refusal(200, b'{"choices": [{"message": {"content": "hel')),
    Way("not packed", _refusal(200, b"data: {}", {"Content-Encoding": "gzip"})),
    Way("no events", _stream(lambda raw: [b"data: {what is this}\n\n", b"data: [DONE]\n\n"])),
    Way("numbers", _stream(lambda raw: _chunks(1, 2, 3))),
    Way("mark only", _stream(lambda raw: [b"data: [DONE]\n\n"])),
    Way("no choices", _stream(lambda raw: _chunks(FIRST, USAGE))),
    Way("null content", _stream(lambda raw: _chunks(FIRST, _delta(content=None), _finish("stop")))),
    Way("empty content", _stream(lambda raw: _chunks(_delta(content=""), _finish("stop")))),
    Way("blank content", _stream(lambda raw: _chunks(_delta(content=" \n\n"), _finish("stop")))),
    Way("content of parts", _stream(lambda raw: _chunks(_delta(content=[{"text": raw}]), _finish("stop")))),
    Way("declined", _stream(lambda raw: _chunks(_delta(refusal="I can't help with that."), _finish("stop")))),
    Way("sorry", _stream(lambda raw: _events("I'm sorry, but I can't help with that."))),
    Way("answered", _stream(lambda raw: _events("Sure! The capital of France is Paris, and it has two airports."))),
    Way("doubled", _stream(lambda raw: _events(f"{polished(raw)} {polished(raw)}"))),
    Way("tail lost", _stream(lambda raw: _events(" ".join(polished(raw).split()[:4])))),
    Way("out of tokens", _stream(lambda raw: _chunks(_delta(content=polished(raw)[:9]), _finish("length")))),
    Way("tools", _stream(lambda raw: _chunks(_delta(tool_calls=[{"index": 0}]), _finish("tool_calls")))),
    Way("filtered on the way", _stream(lambda raw: _chunks(_delta(content=raw[:9]), _finish("content_filter")))),
    Way("filtered afterwards", _stream(lambda raw: [
        *_events(polished(raw))[:-1], *_chunks(_finish("content_filter"))])),
    Way("error inside", _stream(lambda raw: _chunks(
        _delta(content=raw[:9]), {"error": {"code": 500, "message": "oops"}}))),
    Way("rate inside", _stream(lambda raw: _chunks({"error": {
        "code": "429", "message": f"{_RATE} Please retry after 3 seconds."}})), 3),
    Way("cut stream", _cut_stream),
    Way("closed", _cut(Do.CLOSE)),
    Way("reset", _cut(Do.RESET)),
    Way("never begun", lambda chance, raw, now: [Do.CLOSE]),
    Way("short of what was promised", lambda chance, raw, now: [
        head(200, {"Content-Length": "1000"}), b'{"choices": [', Do.CLOSE]),
    Way("other protocol", lambda chance, raw, now: [b"220 mail.example.com ESMTP\r\n", Do.CLOSE]),
    Way("bytes", lambda chance, raw, now: [chance.randbytes(200), Do.CLOSE]),
    Way("silence", lambda chance, raw, now: [Do.HANG], slow=True),
    Way("stall", _stall, slow=True),
    Way("late", _late, slow=True),
    Way("dribble", _dribble, slow=True),
]  # fmt: skip
_SUCCESSES = [
    Way("good", good),
    Way("good, no mark", _stream(lambda raw: _events(polished(raw))[:-1])),
    Way("good, whole", lambda chance, raw, now: [whole(json.dumps({"choices": [{
        "index": 0, "message": {"role": "assistant", "content": polished(raw)}, "finish_reason": "stop"}]}).encode())]),
    Way("good, after news", lambda chance, raw, now: [
        head(100, {}), head(103, {"Link": "x"}), *good(chance, raw, now)]),
]  # fmt: skip
WAYS = [*_STATUSES, *_BODIES, *_SUCCESSES]
_DECK = [*WAYS, *_SUCCESSES * 4]


def way(name: str) -> Way:
    """The way of that name."""
    return next(one for one in WAYS if one.name == name)


def held(until: anyio.Event, one: Way) -> Way:
    """The same, not before that."""
    return replace(one, play=lambda chance, raw, now: [until, *one.play(chance, raw, now)])


class FailingServer(HttpServer):
    """Answers each request in a way that it draws: all come before any comes again, but success, which is likelier.

    ``clock``: seconds since the epoch, the same as the daemon's. ``ahead``: ways that come first, in turn.

    ``only``: the way for everything, probes too.

    ``met``: how often a dictation met each way. ``grants_probes``: whether probes succeed. ``intrusions``: requests
    within a time for which it had asked to be left alone, of at most a minute.
    """

    def __init__(self, address: str, chance: Random, clock: Callable[[], float]) -> None:
        super().__init__([], address)
        self.met = Counter[str]()
        self.transcripts: list[str] = []
        self.probes = 0
        self.grants_probes = True
        self.intrusions: list[str] = []
        self.followed = 0
        self.ahead: list[Way] = []
        self.only: Way | None = None
        self._chance = chance
        self._clock = clock
        self._deck: list[Way] = []
        self._alone_until = float("-inf")

    def script_for(self, request: Seen) -> Script:
        """The answer to this request."""
        now = self._clock()
        if now < self._alone_until:
            self.intrusions.append(f"{request.method} {self._alone_until - now:.3f} s too early")
        self.followed += TRAP in request.target
        if request.method == "OPTIONS" or TRAP in request.target:
            return [OPTIONS]
        raw = transcript_of(request)
        if raw == PROBE_TEXT:
            self.probes += 1
            if self.only is not None:
                return self.only.play(self._chance, raw, now)
            return good(self._chance, raw, now) if self.grants_probes else [whole(b"", 403)]
        self.transcripts.append(raw)
        way = self._draw()
        self.met[way.name] += 1
        if way.hint_s:
            self._alone_until = max(self._alone_until, now + min(way.hint_s, LONGEST_COOLDOWN_S))
        return way.play(self._chance, raw, now)

    def _draw(self) -> Way:
        if self.ahead:
            return self.ahead.pop(0)
        if self.only is not None:
            return self.only
        if not self._deck:
            self._deck = self._chance.sample(_DECK, len(_DECK))
        return self._deck.pop()


@asynccontextmanager
async def running_failing_server(chance: Random, clock: Callable[[], float]) -> AsyncIterator[FailingServer]:
    """A failing server on a port of its own."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    server = FailingServer(f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}", chance, clock)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()
