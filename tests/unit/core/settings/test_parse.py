from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.settings import Problem, Settings, Strategy, fail_closed, parse
from parleqd.core.settings.sections import Device
from parleqd.core.settings.table import SECTIONS
from parleqd.protocol.names import Mode

COMPLETE = """
[audio]
device = "Desk Microphone"
max_minutes = 30
[speech]
model = "base"
language = "auto"
languages = ["en", "de"]
translate = true
device = "cpu"
unload_after_s = -1
[cleanup]
mode = "polished"
refine_mode = "instant"
budget_s = 2.5
strategy = "loadbalance"
[[cleanup.target]]
name = "eastus"
resource = "my-openai"
deployment = "gpt-4o-mini"
[history]
keep = 5
[insertion]
method = "clipboard"
review = true
target = "live"
missed = "next-focus"
paste_keys = { kitty = "ctrl+shift+v" }
[hotkey]
key = "Pause"
source = "evdev"
cancel_key = ""
double_tap_ms = 250
quick = false
[feedback]
notifications = "all"
sounds = "end"
media = "duck"
overlay = true
"""


def read(text: str) -> tuple[Settings, list[Problem]]:
    return parse(tomllib.loads(text))


def test_an_empty_tree_gives_the_defaults() -> None:
    assert parse({}) == (Settings(), [])


def test_every_key_can_be_set() -> None:
    settings, problems = read(COMPLETE)
    assert problems == []
    assert (settings.audio.device, settings.audio.max_minutes) == ("Desk Microphone", 30)
    speech = settings.speech
    assert (speech.model, speech.language, speech.unload_after_s) == ("base", "auto", -1)
    assert (speech.languages, speech.translate, speech.device) == (("en", "de"), True, Device.CPU)
    cleanup = settings.cleanup
    assert (cleanup.mode, cleanup.refine_mode, cleanup.budget_s) == (Mode.POLISHED, Mode.INSTANT, 2.5)
    assert cleanup.strategy is Strategy.LOADBALANCE
    assert [target.name for target in cleanup.targets] == ["eastus"]
    assert settings.history.keep == 5
    insertion = settings.insertion
    assert (insertion.method, insertion.review, insertion.target) == ("clipboard", True, "live")
    assert (insertion.missed, insertion.paste_keys) == ("next-focus", {"kitty": "ctrl+shift+v"})
    hotkey = settings.hotkey
    assert (hotkey.key, hotkey.source, hotkey.cancel_key, hotkey.offer_key) == ("Pause", "evdev", "", "")
    assert (hotkey.double_tap_ms, hotkey.double_tap, hotkey.quick) == (250, True, False)
    feedback = settings.feedback
    assert (feedback.notifications, feedback.sounds, feedback.media) == ("all", "end", "duck")
    assert feedback.overlay


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[audio]\nmax_minuts = 3",
            Problem("audio.max_minuts", "is not a setting", "did you mean max_minutes?"),
        ),
        (
            "[audio]\ncolour = 3",
            Problem(
                "audio.colour",
                "is not a setting",
                "the keys of [audio] are device, channel, max_minutes, stop_after_silence_s, preroll_s, "
                "avoid_bluetooth, journal_without_memory",
            ),
        ),
        ("[audo]\ndevice = 3", Problem("audo", "is not a section", "did you mean [audio]?")),
        (
            "[colours]",
            Problem(
                "colours",
                "is not a section",
                "the sections are audio, speech, cleanup, history, insertion, hotkey, feedback, app",
            ),
        ),
        ("review = true", Problem("review", "stands outside its section", "put it under [insertion]")),
        ("audio = 3", Problem("audio", "must be a section, not a number", "write [audio] as a header")),
        (
            '[speech]\nlanguage = "english"',
            Problem("speech.language", '"english" is not known', 'a code such as "en", "de" or "fr", or "auto"'),
        ),
        (
            '[speech]\nlanguages = ["en", "german"]',
            Problem("speech.languages", '"german" is not known', 'a code such as "en", "de" or "fr"'),
        ),
        (
            "[speech]\ntranslate = true",
            Problem(
                "speech.translate",
                "the speech model tiny.en writes what is said, and cannot translate it",
                "choose tiny, base, small, medium or large-v3 as speech.model, or take translate away",
            ),
        ),
        ('[cleanup]\ntargt = "a"', Problem("cleanup.targt", "is not a setting", "did you mean target?")),
    ],
)
def test_a_bad_key_is_reported_and_takes_its_default(text: str, problem: Problem) -> None:
    assert read(text) == (Settings(), [problem])


def test_a_bad_key_spoils_no_other() -> None:
    settings, problems = read('[audio]\ndevice = 3\nmax_minutes = 5\n[speech]\nmodel = "base"')
    assert [problem.key for problem in problems] == ["audio.device"]
    assert (settings.audio.max_minutes, settings.speech.model) == (5, "base")


@pytest.mark.parametrize(
    "text",
    [
        '[history]\nkeep = "none"',
        "[history]\nkeep = -1",
        "[history]\nkep = 0",
        "[history]\nlimit = 0",
        "[histroy]\nkeep = 0",
        "history = false",
        "keep = 0",
    ],
)
def test_a_history_that_cannot_be_understood_keeps_nothing(text: str) -> None:
    settings, problems = read(text)
    assert settings.history.keep == 0
    assert problems


def test_a_history_that_is_understood_beside_a_stranger_is_kept() -> None:
    assert read("[history]\nkeep = 7\nkept = 9")[0].history.keep == 7


@pytest.mark.parametrize("text", ['[cleanup]\nmode = "polishd"', '[cleanup]\nmod = "polished"'])
def test_a_bad_mode_sends_nothing(text: str) -> None:
    assert read(text)[0].cleanup.mode is Mode.INSTANT


@pytest.mark.parametrize("text", ['[cleanup]\nrefine_mode = "never"', '[cleanup]\nrefine_mod = "raw"', "cleanup = 1"])
def test_a_bad_refine_mode_sends_nothing(text: str) -> None:
    assert read(text)[0].cleanup.refine_mode is Mode.INSTANT


def test_a_stranger_elsewhere_closes_nothing() -> None:
    settings, _ = read("[cleanup]\ncolour = 1\n[audio]\ncolour = 1\n[colours]")
    assert settings == Settings()


def test_a_file_that_cannot_be_read_closes_everything_private() -> None:
    closed = fail_closed()
    assert closed.history.keep == 0
    assert (closed.cleanup.mode, closed.cleanup.refine_mode) == (Mode.INSTANT, Mode.INSTANT)
    assert (closed.audio, closed.speech) == (Settings().audio, Settings().speech)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
_KEYS = st.sampled_from([*SECTIONS, *(key for rules in SECTIONS.values() for key in rules), "target", "name"])


@given(st.dictionaries(_KEYS, _VALUES | st.dictionaries(_KEYS, _VALUES, max_size=4), max_size=4))
def test_no_tree_is_too_bad(tree: dict[str, object]) -> None:
    settings, problems = parse(tree)
    if not problems:
        assert parse(tree) == (settings, [])
    assert all(problem.message for problem in problems)


def test_rules_by_application_that_cannot_be_understood_send_nothing_when_a_text_is_refined_either() -> None:
    settings = read('[cleanup]\nmode = "polished"\nrefine_mode = "polished"\n[[ap]]\nmode = "raw"')[0]
    assert (settings.cleanup.mode, settings.cleanup.refine_mode) == (Mode.INSTANT, Mode.INSTANT)


def test_presets_are_instructions_by_name() -> None:
    settings, problems = read('[cleanup.presets]\npirate = "Arr."\n"two words" = "Do it."')
    assert (settings.cleanup.presets, problems) == ({"pirate": "Arr.", "two words": "Do it."}, [])
    for wrong in ('pirate = ""', "pirate = 5", 'pirate = ["Arr."]'):
        settings, problems = read(f"[cleanup.presets]\n{wrong}")
        assert settings.cleanup.presets == {}
        assert [problem.key for problem in problems] == ["cleanup.presets"]
        assert "pirate" in problems[0].message
