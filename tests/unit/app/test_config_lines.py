from __future__ import annotations

import tomllib

import pytest

from parleqd.app.config_lines import key_lines

TEXT = '''# a comment

audio.device = "x"  # dotted, before any section

[speech]
model = "tiny.en"
language = """
[not.a.section]
en"""

[[cleanup.target]]
name = "a"
trusted_hosts = [
  "[[x]]",  # a comment
  "y",
]

[[cleanup.target]]
"name" = "b"
inline = { weight = 1 }
[cleanup.target.extra]
deep = 1
[history]
keep = 1'''


def test_every_key_has_its_line() -> None:
    assert key_lines(TEXT) == {
        "audio.device": 3,
        "speech": 5,
        "speech.model": 6,
        "speech.language": 7,
        "cleanup.target[0]": 11,
        "cleanup.target[0].name": 12,
        "cleanup.target[0].trusted_hosts": 13,
        "cleanup.target[1]": 18,
        "cleanup.target[1].name": 19,
        "cleanup.target[1].inline.weight": 20,
        "cleanup.target[1].extra": 21,
        "cleanup.target[1].extra.deep": 22,
        "history": 23,
        "history.keep": 24,
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment"])
def test_no_key_no_line(text: str) -> None:
    assert key_lines(text) == {}


def test_windows_line_ends_and_strange_separators_count_as_toml_counts_them() -> None:
    text = '[audio]\r\ndevice = "a\u2028b"\r\nmax_minutes = 1\r\n'
    assert key_lines(text) == {"audio": 1, "audio.device": 2, "audio.max_minutes": 3}


def test_the_text_of_the_example_is_valid() -> None:
    assert tomllib.loads(TEXT)["history"] == {"keep": 1}
