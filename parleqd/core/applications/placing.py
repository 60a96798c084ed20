"""A session's spec, once it is known where its text will go."""

from __future__ import annotations

import msgspec

from parleqd.core.applications.choice import choose
from parleqd.core.session.spec import SessionSpec
from parleqd.core.settings.sections import Settings
from parleqd.protocol.messages import SessionContext
from parleqd.protocol.names import Mode


class Asked(msgspec.Struct, frozen=True):
    """What a client asked for: a mode, or ``None`` for that of the place; and the place, as far as it knows it.

    It is forgotten as soon as the spec is settled, since nothing may keep the place.
    """

    mode: Mode | None = None
    place: SessionContext = SessionContext()


def placed(spec: SessionSpec, asked: Asked, settings: Settings) -> SessionSpec:
    """The spec with the mode and the behaviour for that place. A mode that a client names goes before every rule."""
    choice = choose(settings, asked.place)
    usual = choice.mode if spec.baseline is None else choice.refine_mode(settings)
    return msgspec.structs.replace(spec, mode=asked.mode or usual, behaviour=choice.behaviour)


def completed(asked: Asked, place: SessionContext) -> Asked:
    """With what an inserting client knows of the place, which goes before what the starter knew."""
    known = {key: value for key, value in msgspec.structs.asdict(place).items() if value}
    return Asked(asked.mode, msgspec.structs.replace(asked.place, **known))
