"""From the tree of a settings file to settings and a list of what is wrong with it.

A bad or unknown key never stops anything: it is reported and takes its default. A bad privacy key fails
closed instead (``table.CLOSED``), and so does one that a misspelt key may have been meant to set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from parleqd.core.settings.apps import APP, AppRules, parse_apps
from parleqd.core.settings.modes import at_most
from parleqd.core.settings.presets import find, presets
from parleqd.core.settings.rules import Wrong, closest, kind, shown
from parleqd.core.settings.sections import (
    AppRule,
    Audio,
    Cleanup,
    Feedback,
    History,
    Hotkey,
    Insertion,
    Settings,
    Speech,
    Target,
)
from parleqd.core.settings.table import CLOSED, SECTIONS, TARGET
from parleqd.core.settings.targets import parse_targets
from parleqd.core.speech.languages import translates
from parleqd.protocol.names import Mode


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: the dotted key ("" is the whole file), what is wrong, what would be right."""

    key: str
    message: str
    hint: str = ""


def parse(tree: Mapping[str, object]) -> tuple[Settings, list[Problem]]:
    """The settings in effect, and every problem in the order of the tree."""
    parser = _Parser(tree)
    settings = parser.settings()
    settings = msgspec.structs.replace(settings, apps=tuple(parser.with_known_presets(settings)))
    if settings.speech.translate and not translates(settings.speech.model):
        parser.problems.append(Problem("speech.translate", *_cannot_translate(settings.speech.model)))
        settings = msgspec.structs.replace(settings, speech=msgspec.structs.replace(settings.speech, translate=False))
    return settings, parser.problems


def fail_closed() -> Settings:
    """The settings when the file cannot be read at all: every privacy key closed, all else by default."""
    return _assemble({}, (), set(CLOSED))


def with_modes_at_most(settings: Settings, most: Mode) -> Settings:
    """The same settings, in which no text goes further than ``most``, whatever it is dictated into."""
    cleanup = msgspec.structs.replace(
        settings.cleanup,
        mode=at_most(settings.cleanup.mode, most),
        refine_mode=at_most(settings.cleanup.refine_mode, most),
    )
    rules = [
        rule if rule.mode is None else msgspec.structs.replace(rule, mode=at_most(rule.mode, most))
        for rule in settings.apps
    ]
    return msgspec.structs.replace(settings, cleanup=cleanup, apps=tuple(rules))


def _cannot_translate(model: str) -> tuple[str, str]:
    message = f"the speech model {model} writes what is said, and cannot translate it"
    return message, "choose tiny, base, small, medium or large-v3 as speech.model, or take translate away"


class _Parser:
    """Walks one tree, collecting values, problems and the privacy keys to close."""

    def __init__(self, tree: Mapping[str, object]) -> None:
        self.problems: list[Problem] = []
        self._closed: set[tuple[str, str]] = set()
        self._values: dict[str, dict[str, object]] = {}
        self._targets: tuple[Target, ...] = ()
        self._apps = AppRules()
        for name, value in tree.items():
            if name == APP:
                self._apps = parse_apps(value, self._report)
            elif name not in SECTIONS:
                self._unknown_section(name, tree)
            elif isinstance(value, Mapping):
                self._section(name, value)
            else:
                self._report(name, f"must be a section, not {kind(value)}", f"write [{name}] as a header")
                self._close(name, SECTIONS[name])

    def settings(self) -> Settings:
        settings = _assemble(self._values, self._targets, self._closed)
        settings = msgspec.structs.replace(settings, apps=self._apps.rules)
        return with_modes_at_most(settings, Mode.INSTANT) if self._apps.closed else settings

    def with_known_presets(self, settings: Settings) -> Iterator[AppRule]:
        """The rules by application, without the presets that there are not."""
        own = settings.cleanup.presets
        for index, rule in enumerate(settings.apps):
            if rule.preset is None or find(own, rule.preset) is not None:
                yield rule
                continue
            known = ", ".join(preset.name for preset in presets(own))
            self._report(f"{APP}[{index}].preset", f"{shown(rule.preset)} is no preset", f"the presets are {known}")
            yield msgspec.structs.replace(rule, preset=None)

    def _section(self, section: str, tree: Mapping[str, object]) -> None:
        rules, values = SECTIONS[section], self._values.setdefault(section, {})
        for key, value in tree.items():
            if section == "cleanup" and key == TARGET:
                self._targets = parse_targets(value, self._report)
            elif key not in rules:
                self._unknown_key(section, key, tree)
            else:
                try:
                    values[key] = rules[key](value)
                except Wrong as wrong:
                    self._report(f"{section}.{key}", wrong.message, wrong.hint)
                    self._close(section, [key])

    def _unknown_section(self, name: str, tree: Mapping[str, object]) -> None:
        meant = closest(name, [*SECTIONS, APP])
        home = next((section for section, rules in SECTIONS.items() if name in rules), None)
        if meant == APP:
            self._report(name, "is not a section", f"did you mean [[{APP}]]?")
            self._apps = AppRules(self._apps.rules, closed=True)
        elif meant is not None:
            self._report(name, "is not a section", f"did you mean [{meant}]?")
            if meant not in tree:
                self._close(meant, SECTIONS[meant])
        elif home is not None:
            self._report(name, "stands outside its section", f"put it under [{home}]")
            self._close(home, [name])
        elif isinstance(tree[name], list):  # of the two arrays there are, this one may have kept texts from the cloud
            self._report(name, "is not a section", f"did you mean [[{APP}]], or [[cleanup.{TARGET}]]?")
            self._apps = AppRules(self._apps.rules, closed=True)
        else:
            self._report(name, "is not a section", f"the sections are {', '.join([*SECTIONS, APP])}")

    def _unknown_key(self, section: str, key: str, tree: Mapping[str, object]) -> None:
        known = [*SECTIONS[section], TARGET] if section == "cleanup" else list(SECTIONS[section])
        meant = known[0] if len(known) == 1 else closest(key, known)
        hint = f"did you mean {meant}?" if meant else f"the keys of [{section}] are {', '.join(known)}"
        self._report(f"{section}.{key}", "is not a setting", hint)
        if meant is not None and meant not in tree:
            self._close(section, [meant])

    def _close(self, section: str, keys: Iterable[str]) -> None:
        self._closed.update((section, key) for key in keys if (section, key) in CLOSED)

    def _report(self, key: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(key, message, hint))


def _assemble(
    values: Mapping[str, dict[str, object]], targets: tuple[Target, ...], closed: set[tuple[str, str]]
) -> Settings:
    tree: dict[str, dict[str, object]] = {name: dict(values.get(name, {})) for name in SECTIONS}
    for section, key in closed:
        tree[section].setdefault(key, CLOSED[section, key])
    return Settings(
        audio=msgspec.convert(tree["audio"], Audio),
        speech=msgspec.convert(tree["speech"], Speech),
        cleanup=msgspec.structs.replace(msgspec.convert(tree["cleanup"], Cleanup), targets=targets),
        history=msgspec.convert(tree["history"], History),
        insertion=msgspec.convert(tree["insertion"], Insertion),
        hotkey=msgspec.convert(tree["hotkey"], Hotkey),
        feedback=msgspec.convert(tree["feedback"], Feedback),
    )
