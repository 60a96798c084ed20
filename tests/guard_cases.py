"""Answers that the guard is measured on: the project's own, ``guard_cases.jsonl``, and those of the shared data.

Each has what was heard and what a model answered; its label says whether that may replace the Instant text, ``why`` of
what kind it is, and ``terms`` are those of the user's vocabulary.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from parleqd.core.polish.guard import judge
from parleqd.core.text import instant
from tests.parts import shared_data

_OWN = Path(__file__).with_suffix(".jsonl")


class Case(msgspec.Struct, frozen=True):
    """One answer, and whether it may be used."""

    label: str
    why: str
    raw: str
    output: str
    terms: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether it may."""
        return self.label == "ok"

    def verdict(self, *, with_instant: bool = True) -> str | None:
        """What the guard says of it; without Instant, the model was given what was heard."""
        sent = instant.clean(self.raw).text if with_instant else self.raw
        return judge(self.raw, self.output, self.terms, sent=sent)


class Figures(msgspec.Struct, frozen=True):
    """How many of the good answers were refused, and of the bad ones accepted; which ones."""

    good: int
    bad: int
    refused: tuple[tuple[Case, str], ...]
    accepted: tuple[Case, ...]

    def __str__(self) -> str:
        return (
            f"good answers: {self.good - len(self.refused)} of {self.good} accepted; "
            f"bad answers: {self.bad - len(self.accepted)} of {self.bad} refused"
        )


def own() -> list[Case]:
    """The cases written for this project beside those of the shared data."""
    return [msgspec.json.decode(line, type=Case) for line in _OWN.read_text(encoding="utf-8").splitlines()]


def shared() -> list[Case]:
    """The public ones of the shared data, with the vocabulary of the dictations they were made from."""
    folder = shared_data("cleanup")
    dictations = _rows(folder / "dictations.jsonl")
    terms = {row["raw"]: [entry["term"] for entry in row.get("dictionary", ())] for row in dictations}
    return [
        Case(row["label"], row["why"], row["raw"], row["output"], tuple(terms.get(row["raw"], ())))
        for row in _rows(folder / "llm_guard.jsonl")
    ]


def measured(cases: Sequence[Case], *, with_instant: bool = True) -> Figures:
    """The guard's errors on both sides."""
    verdicts = [(case, case.verdict(with_instant=with_instant)) for case in cases]
    good = sum(case.good for case in cases)
    return Figures(
        good,
        len(cases) - good,
        tuple((case, why) for case, why in verdicts if case.good and why is not None),
        tuple(case for case, why in verdicts if not case.good and why is None),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Print the figures: ``python -m tests.guard_cases``."""
    for name, cases in (("own", own()), ("shared", shared())):
        for with_instant in (True, False):
            figures = measured(cases, with_instant=with_instant)
            lines = [f"{name}, {'Instant text' if with_instant else 'raw text'} sent: {figures}"]
            lines += [f"  refused ({why}): {case.raw!r} -> {case.output!r}" for case, why in figures.refused]
            lines += [f"  accepted: {case.raw!r} -> {case.output!r}" for case in figures.accepted]
            sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
