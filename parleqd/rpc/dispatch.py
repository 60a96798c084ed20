"""From a method's name to its handler, and from every failure to an error answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Raw

from parleqd.core.errors import ParleqError
from parleqd.core.ports import Log
from parleqd.engine.bugs import bug_in
from parleqd.protocol import envelope
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.messages import Message
from parleqd.protocol.methods import METHODS, Method, P, R
from parleqd.protocol.names import ErrorCode, Reason
from parleqd.rpc.services import Call

Handle = Callable[[Call, Any], Message | Awaitable[Message]]

HANDLERS: dict[str, Handle] = {}
"""Filled by ``handles``; ``rpc.handlers`` imports every file of handlers."""

_METHODS = {method.name: method for method in METHODS}


def handles(method: Method[P, R]) -> Callable[[Callable[[Call, P], R]], Callable[[Call, P], R]]:
    """Enter a handler that answers at once."""

    def enter(handle: Callable[[Call, P], R]) -> Callable[[Call, P], R]:
        assert not method.waits
        assert method.name not in HANDLERS
        HANDLERS[method.name] = handle
        return handle

    return enter


def handles_async(
    method: Method[P, R],
) -> Callable[[Callable[[Call, P], Awaitable[R]]], Callable[[Call, P], Awaitable[R]]]:
    """Enter a handler that awaits something."""

    def enter(handle: Callable[[Call, P], Awaitable[R]]) -> Callable[[Call, P], Awaitable[R]]:
        assert method.name not in HANDLERS
        HANDLERS[method.name] = handle
        return handle

    return enter


def method_of(name: str) -> Method[Any, Any]:
    """The method of that name. Raises ``RpcError`` (``METHOD_NOT_FOUND``)."""
    method = _METHODS.get(name)
    if method is None:
        raise RpcError(ErrorCode.METHOD_NOT_FOUND, f"no method {name!r}: PROTOCOL.md lists them")
    return method


def begin(
    call: Call, method: Method[Any, Any], params: Raw, handlers: Mapping[str, Handle] = HANDLERS
) -> Message | Awaitable[Message]:
    """Decode the parameters and call the handler; what takes time comes back as an awaitable."""
    return handlers[method.name](call, envelope.decode_params(params, method.params))


def error_of(problem: Exception, log: Log, method: str) -> RpcError:
    """How a failure is answered. What is nobody's doing is a bug: logged by type and place, never with its text."""
    if isinstance(problem, RpcError):
        return problem
    if isinstance(problem, ParleqError):
        code = ErrorCode.CANCELLED if problem.reason is Reason.CANCELLED else ErrorCode.REFUSED
        return RpcError(code, problem.message, problem.reason, problem.hint)
    bug = bug_in(problem)
    log("handler_failed", method=method, error=bug.error, where=bug.where)
    return RpcError(ErrorCode.INTERNAL_ERROR, f"{method} failed inside the daemon: {bug.error}")


def cancelled() -> RpcError:
    """The answer to a request that its client gave up."""
    return RpcError(ErrorCode.CANCELLED, "the request was cancelled", Reason.CANCELLED)
