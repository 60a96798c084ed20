"""Every message that a test's client sends or gets, held to ``parleqd.schema.json`` by an independent judge of schemas.

What a test sends wrongly on purpose needs no mark: a request that the schema forbids must be refused, so it is enough
to see that it was.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from parleqd._tools.schema import envelope_name
from parleqd.protocol.methods import CLIENT_METHODS, CLIENT_NOTIFICATIONS, DAEMON_NOTIFICATIONS, METHODS
from tests.parts import ROOT

Object = dict[str, Any]

SCHEMA: Object = json.loads((ROOT / "parleqd.schema.json").read_text(encoding="utf-8"))
_ASKED = {method.name: method for method in METHODS}
_ASKS = {method.name: method for method in CLIENT_METHODS}
_TOLD = {note.name: note for note in CLIENT_NOTIFICATIONS}
_TELLS = {note.name: note for note in DAEMON_NOTIFICATIONS}


class Conformance:
    """One connection, as the schema sees it."""

    def __init__(self) -> None:
        self._methods: dict[Any, str] = {}  # of waiting requests of the client, by id
        self._wrong: dict[Any, str] = {}  # what is wrong with those that should be refused
        self._asked: dict[Any, str] = {}  # of requests of the daemon

    def sent(self, message: Any) -> None:
        """A message of the client. Raises ``AssertionError`` for an answer or a notification that is none."""
        if not isinstance(message, dict):
            return  # it will be refused, and `received` sees that the refusal is one
        name, number = message.get("method"), message.get("id")
        if "method" in message and "id" in message:
            self._request(message, name, number)
        elif isinstance(name, str) and name in _TOLD:
            expect(envelope_name(_TOLD[name], "Notification"), message)
        elif "result" in message and number in self._asked:
            expect(envelope_name(_ASKS[self._asked[number]], "Response"), message)

    def received(self, message: Object) -> None:
        """A message of the daemon. Raises ``AssertionError`` unless it is one."""
        name, number = message.get("method"), message.get("id")
        if isinstance(name, str):
            if "id" in message:
                self._asked[number] = name
                expect(envelope_name(_ASKS[name], "Request"), message)
            else:
                expect(envelope_name(_TELLS[name], "Notification"), message)
            return
        method, wrong = self._methods.pop(number, None), self._wrong.pop(number, None)
        if "error" in message:
            expect("ErrorResponse", message)
            return
        assert wrong is None, f"answered, though the schema forbids the request: {wrong}"
        # The answer to what was sent as mere bytes must still be some answer.
        expect("DaemonMessage" if method is None else envelope_name(_ASKED[method], "Response"), message)

    def _request(self, message: Object, name: object, number: Any) -> None:
        if not isinstance(number, int | str):
            return
        if isinstance(name, str):
            self._methods[number] = name
        if message.get("params", {}) is None:  # as some libraries write it, and the daemon takes it, for none
            message = {key: value for key, value in message.items() if key != "params"}
        definition = envelope_name(_ASKED[name], "Request") if isinstance(name, str) and name in _ASKED else None
        wrong = "there is no such method" if definition is None else problem(definition, message)
        if wrong is not None:
            self._wrong[number] = wrong


def expect(definition: str, message: Object) -> None:
    """Raises ``AssertionError`` unless the message is what the schema's definition of that name says."""
    wrong = problem(definition, message)
    assert wrong is None, f"{definition}: {wrong}"


def problem(definition: str, message: Object) -> str | None:
    """What is wrong with the message, and where; ``None`` when it conforms."""
    error = next(iter(_validator(definition).iter_errors(message)), None)
    return None if error is None else f"{error.json_path}: {error.message}"


@cache
def _validator(definition: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": SCHEMA["$defs"]})
