from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from parleqd._tools import schema
from parleqd.protocol.methods import (
    CANCEL_REQUEST,
    CLIENT_METHODS,
    CLIENT_NOTIFICATIONS,
    DAEMON_NOTIFICATIONS,
    INITIALIZED,
    METHODS,
    SESSION_START,
    SESSION_STATE,
    STATUS_GET,
)

DOCUMENT = schema.document()
DEFINITIONS = DOCUMENT["$defs"]


@pytest.mark.parametrize(
    ("called", "role", "name"),
    [
        (SESSION_START, "Request", "SessionStartRequest"),
        (SESSION_STATE, "Notification", "SessionStateNotification"),
        (CANCEL_REQUEST, "Notification", "CancelRequestNotification"),
        (INITIALIZED, "Notification", "InitializedNotification"),
    ],
)
def test_an_envelope_is_named_after_its_method(called: object, role: str, name: str) -> None:
    assert schema.envelope_name(called, role) == name  # type: ignore[arg-type]  # a method or a notification
    assert name in DEFINITIONS


def test_no_envelope_takes_the_name_of_a_type() -> None:
    requests, notes = (*METHODS, *CLIENT_METHODS), (*CLIENT_NOTIFICATIONS, *DAEMON_NOTIFICATIONS)
    named = {schema.ERROR_RESPONSE, schema.CLIENT_MESSAGE, schema.DAEMON_MESSAGE}
    assert len(DEFINITIONS) == len(schema.types()) + 2 * len(requests) + len(notes) + len(named)


def test_it_is_a_schema_of_its_dialect() -> None:
    assert DOCUMENT["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(DOCUMENT)


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(DOCUMENT)))
    assert references <= DEFINITIONS.keys()


def test_params_can_be_left_out_only_where_no_field_is_required() -> None:
    assert "params" in DEFINITIONS["SessionStartRequest"]["required"]
    assert "params" not in DEFINITIONS[schema.envelope_name(STATUS_GET, "Request")]["required"]


def test_each_side_has_its_own_messages() -> None:
    def sent(side: str) -> set[str]:
        return {one["$ref"].rpartition("/")[2] for one in DEFINITIONS[side]["anyOf"]}

    client, daemon = sent(schema.CLIENT_MESSAGE), sent(schema.DAEMON_MESSAGE)
    assert {"SessionStartRequest", "TextInsertResponse", "InitializedNotification"} <= client
    assert {"SessionStartResponse", "TextInsertRequest", "SessionStateNotification"} <= daemon
    assert client & daemon == {schema.ERROR_RESPONSE}


def test_descriptions_mark_code_as_markdown_does(tmp_path: Path) -> None:
    assert "``" not in schema.schema_page(tmp_path)
