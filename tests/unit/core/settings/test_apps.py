from __future__ import annotations

import tomllib

import pytest

from parleqd.core.settings import AppRule, Newlines, Problem, Settings, parse
from parleqd.core.settings.apps import MOST_RULES
from parleqd.protocol.names import Mode


def read(text: str) -> tuple[Settings, list[Problem]]:
    return parse(tomllib.loads(text))


def test_a_rule_says_where_and_what() -> None:
    settings, problems = read("""
[[app]]
name = "notes"
app = "obsidian"
window_class = ["obsidian", "md.obsidian.*"]
title = "* - Obsidian *"
file_type = ["markdown"]
mode = "polished"
spoken_punctuation = false
capitals = true
final_mark = false
trailing_space = true
newlines = "space"
vocabulary = ["Zettelkasten"]
preset = "plain"
""")
    assert problems == []
    assert settings.apps == (
        AppRule(
            name="notes",
            app=("obsidian",),
            window_class=("obsidian", "md.obsidian.*"),
            title=("* - Obsidian *",),
            file_type=("markdown",),
            mode=Mode.POLISHED,
            spoken_punctuation=False,
            capitals=True,
            final_mark=False,
            trailing_space=True,
            newlines=Newlines.SPACE,
            vocabulary=("Zettelkasten",),
            preset="plain",
        ),
    )


@pytest.mark.parametrize(
    ("line", "key", "hint"),
    [
        ("app = 7", "app[0].app", "kitty"),
        ("app = []", "app[0].app", "kitty"),
        ('app = "*"', "app[0].app", "kitty"),
        ('app = ["a", ""]', "app[0].app", ""),
        ('titel = "x"', "app[0].titel", "did you mean title?"),
        ('app = "a"\ncolour = 1', "app[0].colour", "the keys of a rule are"),
        ('app = "a"\nnewlines = "none"', "app[0].newlines", "keep, space"),
        ('app = "a"\npreset = "nope"', "app[0].preset", "the presets are shorter"),
        ("capitals = true", "app[0]", "add one of app, window_class, title, file_type"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(line: str, key: str, hint: str) -> None:
    settings, problems = read(f"[[app]]\n{line}\n")
    assert problems[0].key == key
    assert hint in problems[0].hint
    assert len(settings.apps) == 1


def test_rules_keep_their_numbers_when_one_cannot_be_used() -> None:
    settings, _ = read('[[app]]\ncapitals = false\n[[app]]\napp = "b"\n')
    assert settings.apps == (AppRule(), AppRule(app=("b",)))


def test_a_bad_mode_is_instant() -> None:
    settings, problems = read('[cleanup]\nmode = "polished"\n[[app]]\napp = "a"\nmode = "instnat"\n')
    assert ([problem.key for problem in problems], settings.apps[0].mode) == (["app[0].mode"], Mode.INSTANT)
    assert settings.cleanup.mode is Mode.POLISHED
    settings, _ = read('[[app]]\napp = "a"\nmod = "raw"\n')
    assert settings.apps[0].mode is Mode.INSTANT


@pytest.mark.parametrize(
    "text",
    [
        '[[app]]\ntitel = "*Diary*"\nmode = "raw"\n',
        '[[app]]\ntitle = 7\nmode = "instant"\n',
        '[[app]]\nmode = "raw"\n',
        '[[app]]\ntitel = "*Diary*"\nmod = "raw"\n',
        '[[apps]]\napp = "a"\nmode = "raw"\n',
        '[app]\napp = "a"\n',
        '[[application]]\ntitle = "*Diary*"\nmode = "raw"\n',
        'app = ["a"]\n',
        "\n".join(f'[[app]]\napp = "a{n}"' for n in range(MOST_RULES + 1)),
    ],
)
def test_where_nobody_can_tell_what_was_to_be_kept_from_the_cloud_nothing_goes_there(text: str) -> None:
    settings, problems = parse({**tomllib.loads(text), "cleanup": {"mode": "polished"}})
    assert problems
    assert settings.cleanup.mode is Mode.INSTANT


def test_closing_takes_in_the_other_rules_and_never_raises_a_mode() -> None:
    settings, _ = read('[cleanup]\nmode = "raw"\n[[app]]\nmode = "raw"\n[[app]]\napp = "b"\nmode = "polished"\n')
    assert (settings.cleanup.mode, settings.apps[1].mode) == (Mode.RAW, Mode.INSTANT)


def test_a_rule_that_would_only_have_gone_further_closes_nothing() -> None:
    settings, problems = read('[cleanup]\nmode = "polished"\n[[app]]\ntitel = "a"\nmode = "polished"\n')
    assert (len(problems), settings.cleanup.mode) == (1, Mode.POLISHED)


@pytest.mark.parametrize("unknown", ['url = "wiki.*"', 'titel = "*wiki*"\ntitle = "*browser*"'])
def test_a_rule_that_may_have_been_meant_for_less_lets_nothing_go_further(unknown: str) -> None:
    settings, problems = read(f'[[app]]\napp = "browser"\n{unknown}\nmode = "polished"\ncapitals = false\n')
    assert (len(problems), settings.apps[0].mode, settings.apps[0].capitals) == (1, None, False)
    settings, _ = read(f'[[app]]\napp = "browser"\n{unknown}\nmode = "raw"\n')
    assert settings.apps[0].mode is Mode.RAW
