from __future__ import annotations

import re
from pathlib import Path

import pytest

from parleqd._tools import protocol_pages as pages

ROOT = Path()


@pytest.mark.parametrize(
    ("render", "row"),
    [
        (
            pages.client_methods,
            "| `status/get` | What the daemon and its parts are doing. | `{}` | [StatusResult]",
        ),
        (pages.daemon_methods, "| `text/insert` |"),
        (pages.client_notifications, "| `$/cancelRequest` |"),
        (pages.daemon_notifications, "| [EventsDropped](#eventsdropped) |"),
    ],
)
def test_a_table_has_its_row(render: object, row: str) -> None:
    assert callable(render)
    assert row in render(ROOT)


def test_the_table_says_which_answers_come_when_they_are_done() -> None:
    rows = pages.client_methods(ROOT).splitlines()
    waiting = {row.split("`")[1] for row in rows if row.endswith("| when it is done |")}
    assert {"session/result", "text/clean"} <= waiting
    assert not waiting & {"status/get", "session/audio"}


@pytest.mark.parametrize(
    "line",
    [
        "| `source` | [Source](#source) | required |",
        '| `pace` | [Pace](#pace) | default `"realtime"` |',
        "| `mode` | [Mode](#mode) or null | default `null` |",
        "| `instance` | string, 1–64 characters | required |",
        "| `limit` | integer, 1–10000 | default `100` |",
        "| `pcm` | string, base64 | required |",
        "| `value` | any JSON | required |",
        "| `id` | integer or string | required |",
        "| `segments` | list of [TextSegment](#textsegment) | required |",
        "| `stages` | object: name → [StageMetrics](#stagemetrics) | required |",
        "| `reason` | [Reason](#errors) | required |",
        "`recording` · `transcribing` · `cleaning` · `delivering` · `ended`",
    ],
)
def test_types_are_told_in_words(line: str) -> None:
    assert line in pages.types(ROOT).splitlines()


def test_every_link_leads_to_a_section() -> None:
    page = pages.types(ROOT)
    sections = {heading.lower() for heading in re.findall(r"^#### (\w+)$", page, re.MULTILINE)}
    renders = (pages.types, pages.client_methods, pages.daemon_methods, pages.daemon_notifications)
    linked = {link for render in renders for link in re.findall(r"\(#(\w+)\)", render(ROOT))}
    assert linked - sections == {"errors"}
