"""Every method has a handler of the right kind, a summary, and somebody who calls it."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from parleqd.protocol.methods import (
    CLIENT_METHODS,
    CLIENT_NOTIFICATIONS,
    DAEMON_NOTIFICATIONS,
    METHODS,
    SESSION_AUDIO,
    Method,
    Notification,
)
from parleqd.rpc import handlers
from parleqd.rpc.dispatch import HANDLERS
from tests.architecture import tree

EVERYTHING: tuple[Method[Any, Any] | Notification[Any], ...] = (
    *METHODS,
    *CLIENT_METHODS,
    *CLIENT_NOTIFICATIONS,
    *DAEMON_NOTIFICATIONS,
)

# Answered in order although they await something: why.
IN_ORDER_THOUGH_ASYNC = {SESSION_AUDIO.name: "audio must be kept in the order in which it was sent"}
# Called by no client of this project yet: which part will. The test fails when a line outlives its wait.
CLIENTS_AWAITED: dict[str, str] = {}

assert handlers.__all__, "importing the handlers enters them"


def test_every_method_has_a_handler_and_every_handler_a_method() -> None:
    assert set(HANDLERS) == {method.name for method in METHODS}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_what_waits_is_handled_in_a_task_and_the_rest_at_once(method: Method[Any, Any]) -> None:
    is_async = inspect.iscoroutinefunction(HANDLERS[method.name])
    assert is_async == (method.waits or method.name in IN_ORDER_THOUGH_ASYNC)


def test_names_are_unique_and_summaries_say_something() -> None:
    names = [called.name for called in EVERYTHING]
    assert len(names) == len(set(names))
    tree.expect_none(
        f"{called.name}: its summary should be a sentence, not {called.summary!r}"
        for called in EVERYTHING
        if not (called.summary[:1].isupper() and called.summary.endswith(".") and "|" not in called.summary)
    )


def test_every_method_has_a_client() -> None:
    called = _strings_of_clients()
    tree.expect_none(
        f"{method.name}: no client calls it" if method.name not in called else f"{method.name} has its client now"
        for method in METHODS
        if (method.name in called) == (method.name in CLIENTS_AWAITED)
    )


def _strings_of_clients() -> set[str]:
    """Every string that stands in a client's code."""
    return {
        node.value
        for path in tree.modules("clients")
        for node in ast.walk(tree.parse(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
