from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from parleqd.app.logging import (
    DeferredLog,
    LogFormat,
    LogLevel,
    Record,
    check_fields,
    level_of,
    structlog_sink,
)
from parleqd.core.log_events import WITHHELD, Value
from parleqd.core.ports import EventLog, Log


class Kept:
    """A sink that keeps records."""

    def __init__(self, *, broken: bool = False) -> None:
        self.records: list[Record] = []
        self._broken = broken

    def __call__(self, record: Record, /) -> None:
        if self._broken:
            raise BrokenPipeError
        self.records.append(record)

    @property
    def events(self) -> list[str]:
        return [record.event for record in self.records]


def test_records_wait_for_the_sink_in_order() -> None:
    log, sink = DeferredLog(), Kept()
    port: Log = log
    _: EventLog = log
    port("first", number=1)
    port("second")
    log.install(sink)
    port("third")
    assert sink.events == ["first", "second", "third"]
    assert sink.records[0].fields == {"number": 1}
    assert sink.records[0].at <= sink.records[2].at


def test_the_oldest_are_dropped_and_counted() -> None:
    log, sink = DeferredLog(limit=2), Kept()
    for number in range(5):
        log("event", number=number)
    log.install(sink)
    assert [record.fields for record in sink.records] == [{"number": 3}, {"number": 4}, {"records": 3}]
    assert sink.events[-1] == "log_dropped"


def test_a_new_sink_takes_over() -> None:
    log, first, second = DeferredLog(), Kept(), Kept()
    log.install(first)
    log("one")
    log.install(second)
    log("two")
    assert (first.events, second.events) == (["one"], ["two"])


def test_the_latest_events_are_remembered_whatever_is_written() -> None:
    log = DeferredLog(remembered=2)
    log.install(structlog_sink(LogFormat.JSON, LogLevel.ERROR, io.StringIO()))
    for problems in range(3):
        log("settings_reloaded", problems=problems)
    assert [(one.event, one.level, one.fields) for one in log.recent()] == [
        ("settings_reloaded", "info", {"problems": 1}),
        ("settings_reloaded", "info", {"problems": 2}),
    ]


def test_a_value_that_its_field_may_not_hold_is_neither_written_nor_remembered() -> None:
    log, sink = DeferredLog(), Kept()
    log.install(sink)
    log("handler_failed", method="what was said", error="KeyError", where="a.py:1")
    assert sink.records[0].fields["method"] == log.recent()[0].fields["method"] == WITHHELD


def test_a_sink_that_is_gone_harms_nobody() -> None:
    log = DeferredLog()
    log("early")
    log.install(Kept(broken=True))
    log("late")


@pytest.mark.parametrize(
    ("event", "level"),
    [
        ("listening", LogLevel.INFO),
        ("decode_failed", LogLevel.ERROR),
        ("worker_died", LogLevel.WARNING),
        ("worker.died", LogLevel.WARNING),
        ("failed_over", LogLevel.INFO),
        ("frame_received", LogLevel.DEBUG),
    ],
)
def test_the_level_follows_from_the_last_word(event: str, level: LogLevel) -> None:
    assert level_of(event) is level


@pytest.mark.parametrize(
    "name",
    [
        "text",
        "raw",
        "transcript",
        "token",
        "key",
        "secret",
        "prompt",
        "context",
        "title",
        "api_key",
        "window_title",
    ],
)
def test_a_name_that_could_hold_text_or_a_secret_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        check_fields("event", {name: "x"})
    with pytest.raises(ValueError, match=name):
        DeferredLog()("event", **{name: "x"})


@pytest.mark.parametrize("name", ["text_characters", "tokens", "raw_bytes", "session", "model"])
def test_lengths_and_names_are_taken(name: str) -> None:
    check_fields("event", {name: 1})


@pytest.mark.parametrize("value", [b"x", ["x"], {"a": "x"}, object()])
def test_only_plain_values_are_taken(value: object) -> None:
    with pytest.raises(ValueError, match="field"):
        check_fields("event", {"thing": value})


def written(form: LogFormat, level: LogLevel, event: str, **fields: Value) -> str:
    out = io.StringIO()
    structlog_sink(form, level, out)(Record(0.25, level_of(event), event, fields))
    return out.getvalue()


def test_json_is_one_object_a_line() -> None:
    line = written(LogFormat.JSON, LogLevel.INFO, "worker_died", status=-9, model="tiny.en\n")
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "timestamp": "1970-01-01T00:00:00.250Z",
        "level": "warning",
        "event": "worker_died",
        "status": -9,
        "model": "tiny.en\n",
    }


def test_console_is_one_plain_line() -> None:
    line = written(LogFormat.CONSOLE, LogLevel.INFO, "listening", socket="/a\n\x1b[31mb")
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert line.startswith("1970-01-01T00:00:00.250Z [info")
    assert "listening" in line


def test_lesser_levels_are_left_out() -> None:
    assert written(LogFormat.JSON, LogLevel.WARNING, "listening") == ""
    assert written(LogFormat.JSON, LogLevel.WARNING, "decode_failed") != ""


def test_structlog_is_loaded_by_the_sink_alone() -> None:
    code = "import sys, parleqd.app.logging; print('structlog' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
