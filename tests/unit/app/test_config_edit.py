from __future__ import annotations

import datetime
import stat
import tomllib
from pathlib import Path

import pytest

from parleqd.app.config_edit import edited, edited_target, refuse_read_only, toml_value, with_key, with_target
from parleqd.core.errors import ConfigError

TEXT = """# mine
[audio]
device = "x"   # the good one

[[cleanup.target]]
name = "a"
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", 20),
        ("0.5", 0.5),
        ("true", True),
        ('"x"', "x"),
        ('["a", "b"]', ["a", "b"]),
        ("tiny.en", "tiny.en"),
        ("2025-04-01-preview", "2025-04-01-preview"),
        ("2025-04-01", datetime.date(2025, 4, 1)),
        ("/a path/with = signs", "/a path/with = signs"),
        ("", ""),
        ("1\nother = 2", "1\nother = 2"),
    ],
)
def test_a_value_is_what_it_spells_in_toml_else_text(text: str, value: object) -> None:
    assert toml_value(text) == value


def test_one_key_is_set_in_a_copy() -> None:
    tree = {"audio": {"device": "x"}}
    assert with_key(tree, "audio.max_minutes", 3) == {"audio": {"device": "x", "max_minutes": 3}}
    assert with_key(tree, "history.keep", 0)["history"] == {"keep": 0}
    assert tree == {"audio": {"device": "x"}}


def test_a_table_of_an_array_is_named_by_its_number() -> None:
    tree = {"cleanup": {"target": [{"name": "a"}]}}
    assert with_key(tree, "cleanup.target[0].name", "b") == {"cleanup": {"target": [{"name": "b"}]}}


@pytest.mark.parametrize("key", ["cleanup.target[1].name", "cleanup.target[0].name", "audio.device.deep"])
def test_a_key_without_a_place_is_refused(key: str) -> None:
    with pytest.raises(ConfigError) as refused:
        with_key({"audio": {"device": "x"}}, key, 1)
    assert refused.value.hint


def test_comments_and_order_stay() -> None:
    assert edited(TEXT, "audio.device", "y") == TEXT.replace('"x"', '"y"')


def test_a_new_section_comes_last() -> None:
    assert edited(TEXT, "history.keep", 0) == TEXT + "\n[history]\nkeep = 0\n"


def test_an_empty_file_gets_its_first_section() -> None:
    assert tomllib.loads(edited("", "speech.model", "base")) == {"speech": {"model": "base"}}


@pytest.mark.parametrize(
    "text",
    [
        "audio.device = 'x'\n",
        "audio = { device = 'x' }\n",
        "[audio]\r\ndevice = 'x'\r\n",
        "[audio]\nmax_minutes = 3\n[speech]\nmodel = 'x'\n[[cleanup.target]]\nname = 'b'\n",
    ],
)
def test_every_way_to_write_a_section_is_kept_valid(text: str) -> None:
    changed = tomllib.loads(edited(text, "audio.device", "y"))
    assert changed == with_key(tomllib.loads(text), "audio.device", "y")


NEW = {"name": "b", "provider": "openai", "deployment": "gpt-4o-mini", "weight": None, "trusted_hosts": ["gw.x"]}
NEW_LINES = """\
[[cleanup.target]]
name = "b"
provider = "openai"
deployment = "gpt-4o-mini"
trusted_hosts = ["gw.x"]
"""
OTHERS = """\
# mine
[cleanup]
mode = "raw"  # for now

[[cleanup.target]]
name = "a"

[history]
keep = 3  # few"""
REPLACED = """\
[[cleanup.target]]
name = "b" # the good one
weight = 2
deployment = "gpt-4o-mini"  # enough
predict = true

# what is kept
[history]
keep = 3
"""
IN_LINE = '[cleanup]\ntarget = [{name = "b", weight = 2}]  # here\n'


def test_a_target_is_put_into_a_copy_of_the_tree() -> None:
    told = {key: value for key, value in NEW.items() if value is not None}
    assert with_target({}, NEW) == ({"cleanup": {"target": [told]}}, 0, False)
    tree = {"cleanup": {"target": [{"name": "a"}, {"name": "b", "weight": 2, "predict": True}]}}
    changed, place, replaced = with_target(tree, NEW)
    assert changed["cleanup"] == {"target": [{"name": "a"}, {"predict": True, **told}]}
    assert (place, replaced) == (1, True)
    assert tree["cleanup"]["target"][1] == {"name": "b", "weight": 2, "predict": True}


@pytest.mark.parametrize("tree", [{"cleanup": 3}, {"cleanup": {"target": {"name": "b"}}}])
def test_a_target_without_a_place_is_refused(tree: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"\[\[cleanup\.target\]\]"):
        with_target(tree, NEW)


@pytest.mark.parametrize("text", ["", "\n", OTHERS, OTHERS + "\n\n", "cleanup.mode = 'raw'\n"])
def test_a_new_target_comes_last_and_the_rest_stays_as_it_was(text: str) -> None:
    before = f"{text.rstrip()}\n\n" if text.strip() else ""
    assert edited_target(text, NEW) == before + NEW_LINES


def test_a_replaced_target_keeps_its_place_its_comments_and_what_is_not_named() -> None:
    assert edited_target(REPLACED, NEW) == REPLACED.replace(
        "weight = 2\n", 'provider = "openai"\ntrusted_hosts = ["gw.x"]\n'
    )
    assert edited_target(edited_target(REPLACED, NEW), NEW) == edited_target(REPLACED, NEW)


def test_a_target_in_line_can_be_replaced_and_no_other_can_follow_it() -> None:
    assert edited_target(IN_LINE, NEW).endswith("]  # here\n")
    with pytest.raises(ConfigError, match="without harm"):
        edited_target(IN_LINE, {**NEW, "name": "c"})


@pytest.mark.parametrize("text", [OTHERS + "\n", REPLACED, IN_LINE, TEXT])
def test_lines_end_as_they_did(text: str) -> None:
    windows = text.replace("\n", "\r\n")
    assert edited(windows, "speech.model", "base") == edited(text, "speech.model", "base").replace("\n", "\r\n")
    if text != IN_LINE:
        assert edited_target(windows, NEW) == edited_target(text, NEW).replace("\n", "\r\n")


@pytest.mark.parametrize("mode", [0o444, 0o400, 0o000])
def test_a_file_that_is_read_only_is_left_alone(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a")
    path.chmod(mode)
    with pytest.raises(ConfigError, match=f"read-only \\(mode {mode:04o}\\)") as refused:
        refuse_read_only(path)
    assert refused.value.hint
    assert stat.S_IMODE(path.stat().st_mode) == mode
    path.chmod(0o600)
    assert path.read_text() == "a"
