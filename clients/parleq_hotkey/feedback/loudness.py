"""Decides which streams of other programs are turned down, and to what each is turned up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

DUCKED = 0.3
"""Of its volume before: about -30 dB on PulseAudio's cubic scale (pulse/volume.h), still to be heard."""
_NEAR = 0.01
"""The sound server rounds volumes."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What a program plays. ``volumes``: of its channels, 1 is as it came. ``kind``: as what the server remembers it.

    ``process``: of the program, "" unknown.
    """

    number: int
    kind: str
    process: str
    volumes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ducking:
    """A stream that was turned down from ``before`` to ``after``."""

    number: int
    kind: str
    process: str
    before: tuple[float, ...]
    after: tuple[float, ...]

    @classmethod
    def of(cls, change: Mapping[str, Any]) -> Ducking | None:
        """As `asdict` wrote it; None for what is no such thing."""
        try:
            before, after = (tuple(float(one) for one in change[key]) for key in ("before", "after"))
            return cls(int(change["number"]), str(change["kind"]), str(change["process"]), before, after)
        except (KeyError, TypeError, ValueError):
            return None

    def as_change(self) -> dict[str, Any]:
        """For a `record.Record`."""
        return asdict(self)


def to_duck(streams: Iterable[Stream], own_process: str, ducked: Sequence[Ducking]) -> list[Ducking]:
    """Every other program's stream that can be heard, but for those that are down already."""
    down = {one.number for one in ducked}
    return [
        Ducking(one.number, one.kind, one.process, one.volumes, tuple(volume * DUCKED for volume in one.volumes))
        for one in streams
        if one.process != own_process and one.number not in down and any(one.volumes)
    ]


def to_restore(streams: Sequence[Stream], ducked: Sequence[Ducking]) -> list[tuple[int, tuple[float, ...]]]:
    """Number and volumes of every stream that is as it was left; one that the user changed is the user's.

    The server gives a program's next stream the volume of its last one: a successor of a stream that has ended is
    known by its kind and that volume.
    """
    by_number, numbers = {one.number: one for one in streams}, {one.number for one in ducked}
    restored: dict[int, tuple[float, ...]] = {}
    for done in ducked:
        same = by_number.get(done.number)
        if same is not None and (same.kind, same.process) == (done.kind, done.process):
            found = [same]
        else:
            found = [one for one in streams if one.kind and one.kind == done.kind and one.number not in numbers]
        restored |= {one.number: done.before for one in found if _alike(one.volumes, done.after)}
    return list(restored.items())


def _alike(volumes: Sequence[float], others: Sequence[float]) -> bool:
    return len(volumes) == len(others) and all(abs(a - b) <= _NEAR for a, b in zip(volumes, others, strict=True))
