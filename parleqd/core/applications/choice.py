"""What is done with a text that goes to a place, and which rule or setting says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from parleqd.core.applications.defaults import BUILT_IN
from parleqd.core.applications.matching import weight_of
from parleqd.core.ports import SettingOrigin
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.settings.apps import APP
from parleqd.core.settings.modes import at_most
from parleqd.core.settings.sections import AppRule, Settings
from parleqd.protocol.messages import SessionContext
from parleqd.protocol.names import Mode

NOWHERE = SessionContext()


class Choice(msgspec.Struct, frozen=True):
    """``origins``: what says so, for each of `Behaviour`'s keys and ``mode``.

    That is a setting by its key ("app[0].mode", "cleanup.mode"), "built in: NAME" for a rule, or "default".
    """

    mode: Mode
    behaviour: Behaviour
    origins: dict[str, str]

    def refine_mode(self, settings: Settings) -> Mode:
        """How texts are refined there: no further than where one of the user's own rules lets a dictation go."""
        own = self.origins["mode"].startswith(APP)
        return at_most(settings.cleanup.refine_mode, self.mode) if own else settings.cleanup.refine_mode


class _Ranked(msgspec.Struct, frozen=True):
    origin: str
    rule: AppRule
    built_in: bool


def choose(settings: Settings, place: SessionContext | None) -> Choice:
    """The mode and the behaviour for a text that goes to ``place``; nothing known of it gives the general settings.

    Each key is decided by the most specific rule that fits and says something of it, the first of equally specific
    ones. All the user's rules go before those built in, and only the user's may go further than ``cleanup.mode``.
    """
    ranked = [
        *_ranked(settings.apps, place or NOWHERE, built_in=False),
        *_ranked(BUILT_IN, place or NOWHERE, built_in=True),
    ]
    origins = {"mode": "cleanup.mode", "trailing_space": "insertion.trailing_space"}
    values: dict[str, Any] = {"trailing_space": settings.insertion.trailing_space}
    mode = settings.cleanup.mode
    for key in ("mode", *Behaviour.__struct_fields__):
        winner = next((one for one in ranked if _says(one.rule, key)), None)
        if winner is None:
            origins.setdefault(key, "default")
            continue
        said = getattr(winner.rule, key)
        origins[key] = f"built in: {winner.rule.name}" if winner.built_in else f"{winner.origin}.{key}"
        if key != "mode":
            values[key] = said
        elif not winner.built_in:
            mode = said
        elif (lowered := at_most(mode, said)) is not mode:
            mode = lowered
        else:
            origins[key] = "cleanup.mode"
    return Choice(mode, Behaviour(**values), origins)


def told(choice: Choice, settings: Iterable[SettingOrigin]) -> list[SettingOrigin]:
    """The choice as settings are shown; ``settings``: those in effect, which know where each one is written down."""
    places = {setting.key: setting.origin for setting in settings}
    values = {"mode": choice.mode, **msgspec.structs.asdict(choice.behaviour)}
    return [
        SettingOrigin(key, msgspec.json.encode(value).decode(), _placed(choice.origins[key], places))
        for key, value in values.items()
    ]


def _placed(origin: str, places: Mapping[str, str]) -> str:
    return f"{origin} ({places[origin]})" if origin in places else origin


def _ranked(rules: Sequence[AppRule], place: SessionContext, *, built_in: bool) -> list[_Ranked]:
    """The rules that fit, the most specific first; equals in their order."""
    found = [(weight, index, rule) for index, weight, rule in _fitting(rules, place)]
    found.sort(key=lambda one: one[0], reverse=True)  # stable
    return [_Ranked(f"{APP}[{index}]", rule, built_in) for _, index, rule in found]


def _fitting(rules: Sequence[AppRule], place: SessionContext) -> Iterator[tuple[int, tuple[int, int], AppRule]]:
    for index, rule in enumerate(rules):
        if (weight := weight_of(rule, place)) is not None:
            yield index, weight, rule


def _says(rule: AppRule, key: str) -> bool:
    return getattr(rule, key) not in (None, ())
