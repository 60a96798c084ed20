"""The same calls with the protocol's own structs: types checked before sending and after receiving.

Importing this module imports msgspec (some 40 ms), which `parleq_client` alone does not.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from parleq_client.connection import Connection
from parleq_client.errors import ProtocolError
from parleq_client.wire import ANSWER_SECONDS
from parleqd.protocol.messages import Message
from parleqd.protocol.methods import Method

TYPE_CHECKING = False  # as typing.TYPE_CHECKING: the blocking call needs no anyio
if TYPE_CHECKING:
    from parleq_client.asynchronous import AsyncConnection

P = TypeVar("P", bound=Message)
R = TypeVar("R", bound=Message)


def call(connection: Connection, method: Method[P, R], params: P, *, timeout: float | None = ANSWER_SECONDS) -> R:
    """`Connection.call` for a method of ``parleqd.protocol.methods``; one that ``waits`` has no time limit.

    Raises ProtocolError when the answer is not of the method's result type, and otherwise as
    `Connection.call`.
    """
    limit = None if method.waits else timeout
    return _typed(method, connection.call(method.name, msgspec.to_builtins(params), timeout=limit))


async def acall(
    connection: AsyncConnection, method: Method[P, R], params: P, *, timeout: float | None = ANSWER_SECONDS
) -> R:
    """`call` over an `AsyncConnection`."""
    limit = None if method.waits else timeout
    return _typed(method, await connection.call(method.name, msgspec.to_builtins(params), timeout=limit))


def _typed(method: Method[Any, R], answer: dict[str, Any]) -> R:
    try:
        return msgspec.convert(answer, method.result)
    except msgspec.ValidationError as error:
        raise ProtocolError(f"the answer to {method.name} is not as agreed: {error}") from error
