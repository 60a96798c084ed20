"""A model's answer, from its bytes: server-sent events, or one JSON body where a gateway ignored ``stream``.

The answer counts only once it says that it is finished (``finish_reason``): a connection that closes early looks
like a good end otherwise, and the dictation's tail would be lost. Event streams: the HTML standard, "Server-sent
events"; the chunks: OpenAI's chat completions, with Azure's filter annotations before, between and behind them.
"""

from __future__ import annotations

import msgspec

from parleqd.core.polish.error_body import filtered_categories
from parleqd.core.polish.failure import Failure, Remedy
from parleqd.core.polish.failures import filtered_failure, streamed_failure, where
from parleqd.core.polish.request import RequestSpec
from parleqd.core.settings.sections import Family
from parleqd.protocol.names import Reason

LONGEST_ANSWER = 16 * 1024 * 1024
"""Bytes of one answer: 16 384 tokens, each in a chunk with its filter annotations, are well below."""

MOST_LINES = 65_536
"""Lines of data of one event: a server that leaves out the empty lines sends one a token, 16 384 at most."""

_LEAD = b"\xef\xbb\xbf \t\r\n"
"""Bytes that mean nothing before the first that does: a byte order mark, and blanks."""
_CUT = frozenset({"length", "max_tokens"})
_NO_TEXT = frozenset({"tool_calls", "function_call", "error"})


class Usage(msgspec.Struct, frozen=True):
    """Tokens, as the service counts and bills them. ``cached`` is part of ``prompt``, the rest of ``completion``."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    reasoning: int = 0
    accepted_prediction: int = 0
    rejected_prediction: int = 0


class Answer(msgspec.Struct, frozen=True):
    """A whole answer. ``text`` may be empty. ``usage`` (``None``) and ``model`` (""): as far as the service tells."""

    text: str
    finish_reason: str
    usage: Usage | None = None
    model: str = ""


class EventStream:
    """Bytes, cut anywhere → the lines of data of each event.

    Lines are decoded whole, so that a letter cut in two by a packet's end comes together again.
    """

    def __init__(self) -> None:
        self._line = bytearray()
        self._data: list[bytes] = []
        self._after_return = False

    def feed(self, data: bytes) -> list[list[bytes]]:
        """The events that ``data`` completes."""
        if self._after_return and data[:1] == b"\n":  # the second half of a line's end
            data = data[1:]
            self._after_return = False
        if not data:
            return []
        self._after_return = data[-1:] == b"\r"
        *ended, rest = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        events = []
        for piece in ended:
            self._line += piece
            events += self._take_line()
        self._line += rest
        return events

    def close(self) -> list[list[bytes]]:
        """The last event, if its end is missing."""
        return self._take_line() + self._take_line()

    def _take_line(self) -> list[list[bytes]]:
        line = bytes(self._line)
        self._line.clear()
        if not line:
            event, self._data = self._data, []
            return [event] if event else []
        field, _, value = line.partition(b":")
        if field == b"data":
            self._data.append(value.removeprefix(b" "))
        return []


class Completion:
    """Gathers one answer: feed it what arrives, ask for the result once the answer is over or ``ended``.

    ``limit``: bytes; a longer answer is a failure. Where the bytes are cut into packets never matters.
    """

    def __init__(self, spec: RequestSpec, request_id: str = "", limit: int = LONGEST_ANSWER) -> None:
        self._reply = _Reply(spec, request_id)
        self._limit = limit
        self._size = 0
        self._events: EventStream | None = None
        self._body: bytearray | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing that may still come can matter: the stream's end mark came, or the answer failed."""
        return self._reply.closed or self._reply.failure is not None

    def feed(self, data: bytes) -> str:
        """Take in what arrived; the text that it added. A body in one piece gives its text with the result only."""
        if self.ended:
            return ""
        room = self._limit - self._size
        self._size += len(data)
        before = len(self._reply.texts)
        self._take(data[:room])
        if len(data) > room and not self.ended:
            self._reply.run_on(self._limit)
        return "".join(self._reply.texts[before:])

    def result(self) -> Answer | Failure:
        """What has become of the answer, now that no more will come."""
        if not self.ended:
            if self._body is not None:
                self._reply.take_body(bytes(self._body))
            elif self._events is not None:
                for lines in self._events.close():
                    self._reply.take_event(lines, cut=True)
            self._reply.closed = True
        return self._reply.result(anything_came=self._size > 0)

    def _take(self, data: bytes) -> None:
        if self._events is None and self._body is None:
            data = data.lstrip(_LEAD)  # nothing of it is kept: there may be no end of it
            if not data:
                return
            # No line of an event stream begins so; what the headers call it is no help behind a gateway.
            if data[:1] in (b"{", b"["):
                self._body = bytearray()
            else:
                self._events = EventStream()
        if self._body is not None:
            self._body += data
        elif self._events is not None:
            for lines in self._events.feed(data):
                self._reply.take_event(lines)


class _Reply:
    """The parts of an answer, from its decoded chunks."""

    def __init__(self, spec: RequestSpec, request_id: str) -> None:
        self._spec = spec
        self._request_id = request_id
        self.texts: list[str] = []
        self.failure: Failure | None = None
        self.closed = False
        self._understood = False
        self._finish_reason = ""
        self._declined = False
        self._filtered = False
        self._categories: tuple[str, ...] = ()
        self._usage: Usage | None = None
        self._model = ""

    def take_event(self, lines: list[bytes], *, cut: bool = False) -> None:
        """One event's lines of data. ``cut``: the connection closed inside it, so it may be no JSON."""
        if self.ended_by(lines):
            return
        if len(lines) > MOST_LINES:
            self._malformed()
            return
        pieces = [b"\n".join(lines)]
        if len(lines) > 1 and _decoded(pieces[0]) is None:
            pieces = lines  # a server that leaves out the empty line between events
        for piece in pieces:
            if self.closed or self.failure is not None:
                return
            chunk = _decoded(piece)
            if chunk is not None:
                self._take(chunk, "delta")
            elif not self.ended_by([piece]) and not cut and not self._finish_reason:
                self._malformed()

    def ended_by(self, lines: list[bytes]) -> bool:
        """Whether the lines are the stream's end mark."""
        if [line.strip() for line in lines] == [b"[DONE]"]:
            self.closed = True
        return self.closed

    def take_body(self, body: bytes) -> None:
        """An answer that came as one JSON body."""
        chunk = _decoded(body)
        if chunk is None:
            self._malformed()
        else:
            self._take(chunk, "message")

    def run_on(self, limit: int) -> None:
        """The answer is longer than any may be."""
        message = f"the answer of {where(self._spec)} has no end (over {limit} bytes)"
        self._fail(Failure(Reason.MALFORMED_RESPONSE, message, ails=False))

    def result(self, *, anything_came: bool) -> Answer | Failure:
        """The answer, if it is whole."""
        name = where(self._spec)
        if self.failure is None and self._filtered:
            self._fail(filtered_failure(self._categories, self._spec))
        elif self.failure is None and self._declined:
            message, hint = f"{name} declined to answer", "The text is delivered without the model's cleanup."
            self._fail(Failure(Reason.GUARD_REJECTED, message, hint, fail_over=False, ails=False))
        elif self.failure is None and self._finish_reason in _CUT:
            self._fail(self._out_of_tokens())
        elif self.failure is None and (self._finish_reason in _NO_TEXT or (anything_came and not self._understood)):
            self._malformed()
        elif self.failure is None and not self._finish_reason:
            message, hint = f"the answer of {name} broke off", "If it goes on, check proxy, VPN and firewall."
            self._fail(Failure(Reason.TRUNCATED, message, hint, remedy=Remedy.AGAIN))
        return self.failure or Answer("".join(self.texts), self._finish_reason, self._usage, self._model)

    def _take(self, chunk: dict[str, object], part: str) -> None:
        if chunk.get("error") is not None:
            self._fail(streamed_failure(chunk["error"], self._spec))
        if isinstance(usage := chunk.get("usage"), dict):
            self._usage = _usage(usage)
        if isinstance(model := chunk.get("model"), str):
            self._model = self._model or model
        choices = chunk.get("choices")
        if isinstance(choices, list):
            self._understood = True
            for choice in choices:
                if isinstance(choice, dict) and not choice.get("index"):
                    self._take_choice(choice, part)

    def _take_choice(self, choice: dict[str, object], part: str) -> None:
        """One choice: its text if it has any; a filter's note may come alone, and later than the end."""
        filtered = filtered_categories(choice.get("content_filter_results"))
        self._categories = tuple(dict.fromkeys((*self._categories, *filtered)))
        reason = choice.get("finish_reason")
        if reason == "content_filter":
            self._filtered = True
        elif isinstance(reason, str):
            self._finish_reason = self._finish_reason or reason
        message = choice.get(part)
        if not isinstance(message, dict):
            return
        self._declined = self._declined or bool(message.get("refusal"))
        content = message.get("content")
        if isinstance(content, str):
            self.texts.append(content)
        elif content is not None:
            self._malformed()

    def _out_of_tokens(self) -> Failure:
        message = f"{where(self._spec)} reached its token limit before its answer was whole"
        hint = "Dictate in shorter pieces, or use a model that keeps to the text."
        if self._spec.target.family is Family.REASONING and not "".join(self.texts):
            hint = "Its reasoning used up the limit: use a smaller model, or one that does not reason."
        return Failure(Reason.TRUNCATED, message, hint, ails=False)

    def _malformed(self) -> None:
        message = f"{where(self._spec)} sent no answer that can be read"
        hint = "Check that resource leads to the service itself: a proxy or sign-in page may have answered."
        self._fail(Failure(Reason.MALFORMED_RESPONSE, message, hint, remedy=Remedy.AGAIN))

    def _fail(self, failure: Failure) -> None:
        """The first failure stays."""
        if self.failure is None:
            self.failure = msgspec.structs.replace(failure, request_id=self._request_id)


def _decoded(data: bytes) -> dict[str, object] | None:
    try:
        decoded = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


def _usage(usage: dict[str, object]) -> Usage:
    """Any count, and any group of them, may be missing or null."""
    prompt, completion = usage.get("prompt_tokens_details"), usage.get("completion_tokens_details")
    return Usage(
        prompt=_count(usage, "prompt_tokens"),
        completion=_count(usage, "completion_tokens"),
        cached=_count(prompt, "cached_tokens"),
        reasoning=_count(completion, "reasoning_tokens"),
        accepted_prediction=_count(completion, "accepted_prediction_tokens"),
        rejected_prediction=_count(completion, "rejected_prediction_tokens"),
    )


def _count(group: object, name: str) -> int:
    value = group.get(name) if isinstance(group, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
