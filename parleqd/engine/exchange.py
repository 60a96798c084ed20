"""One request to a cleanup model, and what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping

import anyio
import msgspec

from parleqd.core.polish.concealment import Concealment
from parleqd.core.polish.error_body import LONGEST_BODY
from parleqd.core.polish.failure import Failure
from parleqd.core.polish.failures import Breakage, failure_of, transport_failure
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.stream import Answer, Completion
from parleqd.core.ports import Chat, ChatAnswer, ChatRequest, TransportError

REST_S = 0.05
"""So long an answer's last bytes are waited for, behind its end mark: then the connection can be used again."""
REFUSAL_S = 0.5
"""So long what a refusal says is waited for. Its status and headers alone tell most."""


class Exchange:
    """One request, sent once. What is known of the answer can be read while it comes, and after a cancellation.

    ``clock``: seconds since the epoch. ``answering`` is called whenever more of an answer's text has come, or some
    other piece of it behind its beginning.
    """

    def __init__(
        self, chat: Chat, spec: RequestSpec, clock: Callable[[], float], answering: Callable[[], None] = lambda: None
    ) -> None:
        self.headers: Mapping[str, str] | None = None
        """The answer's, with names in lower case, without the key; ``None`` while there is no answer."""
        self.answered = False
        """The answer began as a success."""
        self.breakage: Breakage | None = None
        """How the connection failed, where it did."""
        self.first_text_ms: float | None = None
        """From the request to the first of the text; ``None`` before that, and where all came as one piece."""
        self._chat = chat
        self._spec = spec
        self._clock = clock
        self._answering = answering
        self._began = 0.0

    async def run(self, asked: ChatRequest) -> Answer | Failure:
        """Send it and read the answer. There is no deadline in here but the connection's own."""
        self._began = anyio.current_time()
        hidden = Concealment(_secret_of(asked))
        try:
            async with self._chat.send(asked) as answer:
                self.headers = headers = {name: hidden.out_of(value) for name, value in answer.headers.items()}
                if answer.status == 200:
                    self.answered = True
                    return _showable(await self._read(answer, headers.get("apim-request-id", "")), hidden)
                said = await _refusal(answer.body())
                return _showable(failure_of(answer.status, headers, said, self._spec, self._clock()), hidden)
        except TransportError as error:
            self.breakage = error.breakage
            return _broken(error, self._spec)

    async def _read(self, answer: ChatAnswer, request_id: str) -> Answer | Failure:
        completion = Completion(self._spec, request_id)
        arriving = answer.body()
        try:
            async for data in arriving:
                if completion.feed(data) and self.first_text_ms is None:
                    self.first_text_ms = (anyio.current_time() - self._began) * 1000
                if self.first_text_ms is not None:
                    self._answering()
                if completion.ended:
                    await _read_rest(arriving)
                    break
        except TransportError:
            result = completion.result()
            if isinstance(result, Failure):
                raise
            return result  # it had said that it was finished; only the end mark is missing
        return completion.result()


def _broken(error: TransportError, spec: RequestSpec) -> Failure:
    """What the library says of the connection, beside what it means; of a name there is no more to say."""
    failure = transport_failure(error.breakage, spec)
    if not error.detail or error.breakage is Breakage.DNS:
        return failure
    return msgspec.structs.replace(failure, message=f"{failure.message} ({error.detail})")


async def _read_rest(body: AsyncIterator[bytes]) -> None:
    """What comes behind the end mark is nothing but the end of the body, unless a server keeps it open."""
    try:
        with anyio.move_on_after(REST_S):
            async for _ in body:
                pass
    except TransportError:
        return  # the answer is whole, whatever became of the connection


async def _refusal(body: AsyncIterator[bytes]) -> bytes:
    """What it says, as far as it comes soon."""
    said = bytearray()
    try:
        with anyio.move_on_after(REFUSAL_S):
            async for data in body:
                said += data
                if len(said) >= LONGEST_BODY:
                    break
    except TransportError:
        pass  # it is refused, whatever became of the connection
    return bytes(said)


def _secret_of(asked: ChatRequest) -> str:
    """What the request is authorised with, as `headers_for` writes it."""
    return (asked.headers.get("api-key") or asked.headers.get("authorization", "")).removeprefix("Bearer ")


def _showable(result: Answer | Failure, hidden: Concealment) -> Answer | Failure:
    """It, without what it may repeat of the key."""
    fields = ("text", "model") if isinstance(result, Answer) else ("message", "hint", "request_id", "audience")
    return msgspec.structs.replace(result, **{name: hidden.out_of(getattr(result, name)) for name in fields})
