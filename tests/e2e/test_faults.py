"""A thousand dictations, something fails during each: every text is delivered or waits, once, and is what was said.

Each dictation depends on the seed and its number alone. ``PARLEQ_FAULTS=SEED`` repeats all of them,
``PARLEQ_FAULTS=SEED:NUMBER`` that one.
"""

from __future__ import annotations

import json
import os
import random
import sys
import wave
from base64 import b64encode
from collections import Counter
from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from parleq_client.errors import ClientError, RefusedError
from parleqd.protocol.names import SAMPLE_RATE
from tests.e2e.fault_desk import Desk, GoneError, fault_desk
from tests.e2e.faults import ALL, Fault, nothing
from tests.e2e.programs import eventually, pause
from tests.fakes.coded_speech import WORDS, mark, spoken
from tests.parts import PROVING, scale

DICTATIONS = scale(30, 1000)
RENEWED = 50
"""After so many another daemon must find nothing that waits."""
STAGES = ("before", "recording", "released", "ready")
LATER = 3000
"""Beyond the numbers of all dictations."""
READY_S = 1.0
"""So long a test that strikes when the text is there waits for it; a fault needs it no longer."""


class Plan(NamedTuple):
    """One dictation. ``moment``: how late in its stage the fault comes, of 1."""

    number: int
    way: str
    mode: str
    words: list[str]
    chunk: int
    fault: Fault
    stage: str
    moment: float
    insertion: list[float]
    chance: random.Random

    @property
    def told(self) -> str:
        """For people."""
        return f"{self.way}, {self.mode}, {len(self.words)} words, {self.fault.__name__} {self.stage}"


def planned(seed: int, number: int) -> Plan:
    """From chance; all faults come before any comes again."""
    chance = random.Random(f"{seed}:{number}")
    faults = random.Random(seed).sample(ALL, len(ALL))
    marked = mark(number)
    rest = chance.sample([word for word in WORDS if word not in marked], chance.randint(2, 14))
    return Plan(
        number,
        way=chance.choice(("stream", "stream to be inserted", "file", "key")),
        mode=chance.choice(("raw", "instant", "polished")),
        words=marked + rest,
        chunk=chance.randint(2, 6),
        fault=faults[number % len(faults)],
        stage=chance.choice(STAGES),
        moment=chance.random(),
        insertion=[chance.choice((0.0, 0.1)), chance.choice((0.0, 0.1))],
        chance=chance,
    )


class Told(NamedTuple):
    """A text, and what was said about it."""

    raw: str
    text: str
    warnings: list[str]


class Attempt:
    """One dictation, until the fault has done what it does.

    ``kept``: so many words the daemon has promised to keep. ``refused``: the person was told that it hears no more.
    """

    def __init__(self, desk: Desk, plan: Plan) -> None:
        self.begun = self.refused = False
        self.kept = 0
        self.delivered: Told | None = None
        self._desk = desk
        self._daemon = desk.daemon
        self._plan = plan
        self._struck = False

    @property
    def recoverable(self) -> bool:
        """Has the daemon its audio? Of a file that it died over it may have none: that is dictated again."""
        return self.begun and (self._plan.way != "file" or self._desk.daemon is self._daemon)

    def is_own(self, text: Told) -> bool:
        """Of a file that could not be opened there is no audio, and the last other one is redone."""
        return self._plan.way != "file" or text.raw.split()[:2] == self._plan.words[:2]

    def run(self) -> None:
        """As far as it comes."""
        try:
            self._at("before")
            self._dictate()
        except RefusedError:
            self.refused = True
        except (ClientError, GoneError):
            pass  # who dictates goes on with another client, and another daemon
        self._at(self._plan.stage)  # whatever was in the way: it strikes

    def _dictate(self) -> None:
        if self._plan.way == "key":
            self._with_the_key()
            return
        with self._desk.connect() as connection:
            dictation = Dictation(connection)
            if self._plan.way == "file":
                self._with_a_file(dictation)
            else:
                self._with_a_stream(dictation)
            self._at("released")
            if self._plan.way == "stream to be inserted":
                self._until_ready()
                self._at("ready")
                return
            if self._plan.stage == "ready":
                self._until_ready()
                self._at("ready")
            result = dictation.result()
            dictation.acknowledge("read")
            self.delivered = told(result)

    def _with_a_stream(self, dictation: Dictation) -> None:
        deliver = "insert" if self._plan.way == "stream to be inserted" else "return"
        dictation.start("stream", deliver=deliver, mode=self._plan.mode)
        self.begun = True
        words, size = self._plan.words, self._plan.chunk
        strike = int(self._plan.moment * len(words))
        for at in range(0, len(words), size):
            dictation.feed(spoken(words[at : at + size]))
            self.kept = min(len(words), at + size)
            if self.kept > strike:
                self._at("recording")
        dictation.stop()

    def _with_a_file(self, dictation: Dictation) -> None:
        path = self._desk.home / f"{self._plan.number}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes(spoken(self._plan.words))
        dictation.start_file(str(path), pace="fast", mode=self._plan.mode)
        self.begun = True
        pause(0.1 * self._plan.moment)
        self._at("recording")

    def _with_the_key(self) -> None:
        desk, words = self._desk, self._plan.words
        desk.hotkey.tell("takes", self._plan.insertion)
        half = 2 + int(self._plan.moment * (len(words) - 2))
        desk.hotkey.tell("press")
        try:
            for part in (words[:half], words[half:]):
                if not desk.daemon.tell("say", b64encode(spoken(part)).decode()):
                    self.refused = True
                    break
                self.begun = True
                self.kept += len(part)
                self._at("recording")
        finally:
            if desk.hotkey.runs:
                desk.hotkey.tell("release")
        self._at("released")
        self._until_ready()
        self._at("ready")

    def _until_ready(self) -> None:
        with suppress(AssertionError):
            eventually(lambda: self._desk.idle(), "it is ready", READY_S)

    def _at(self, stage: str) -> None:
        if stage == self._plan.stage and not self._struck:
            self._struck = True
            if stage == "released":
                pause(0.2 * self._plan.moment)
            self._plan.fault(self._desk, self._plan.chance)


def told(result: dict[str, Any]) -> Told:
    """What there is to say of a result."""
    return Told(result["raw"], result["text"], [warning["reason"] for warning in result["warnings"]])


class Found(NamedTuple):
    """What became of a dictation."""

    delivered: list[Told]
    inserted: list[str]
    waiting: list[Told]
    unsure: bool
    """Was it said of what waits that it may have been delivered?"""

    @property
    def texts(self) -> list[str]:
        """All that people may read."""
        return [*(one.text for one in (*self.delivered, *self.waiting)), *self.inserted]


def found(desk: Desk, attempt: Attempt, before: int) -> Found:
    """Look for it everywhere. ``before``: so many texts had been inserted."""
    delivered = [] if attempt.delivered is None else [attempt.delivered]
    waits: list[Told] = []
    states: list[str] = []

    def take() -> bool:
        """Whatever waits, but for what an inserting client holds just now."""
        for session in pending(connection):
            with suppress(RefusedError):
                waits.append(taken(connection, session["session_id"]))
                states.append(session["state"])
        return not pending(connection)

    with desk.connect() as connection:
        eventually(take, "nobody holds a text any more", 20)
        inserted = desk.inserted()[before:]
        if attempt.recoverable and not (delivered or waits or inserted):
            waits += [one for one in recovered(connection) if attempt.is_own(one)]
    return Found(delivered, inserted, waits, unsure="maybe_delivered" in states)


def pending(connection: Connection) -> list[dict[str, Any]]:
    """Every finished dictation that nobody has acknowledged."""
    sessions: list[dict[str, Any]] = connection.call("session/pending", {"all": True})["sessions"]
    return sessions


def taken(connection: Connection, session_id: str) -> Told:
    """One that waits: shown to the user, who takes it. Raises ``RefusedError`` where another has it."""
    chosen = {"session_id": session_id}
    connection.call("session/claim", chosen)
    text = told(connection.call("session/result", chosen))
    connection.call("session/acknowledge", {**chosen, "receipt": {"status": "read", "detail": ""}})
    return text


def recovered(connection: Connection) -> list[Told]:
    """What can be made of the audio that is kept."""
    dictation = Dictation(connection)
    try:
        dictation.recover()
    except RefusedError as refusal:
        if refusal.reason != "no_capture":
            raise
        return []
    result = dictation.result()
    dictation.acknowledge("read")
    return [told(result)]


def words_of(text: str) -> list[str]:
    """Whatever cleanup did to it."""
    return [word.strip(".,!?").casefold() for word in text.split()]


def judge(plan: Plan, attempt: Attempt, what: Found) -> None:
    """Once at most, and right."""
    assert len(what.delivered) + len(what.inserted) <= 1, "delivered twice"
    assert len(what.waiting) <= 1, "it waits twice"
    assert not (what.delivered and what.waiting), "it waits though it was taken"
    assert what.unsure or not (what.inserted and what.waiting), "it waits as if it had not been inserted"
    for text in what.texts:
        said = words_of(text)
        assert said == plan.words[: len(said)], f"wrong: {text!r}"
    for one in (*what.delivered, *what.waiting):
        assert one.raw.split() == words_of(one.text)
        whole = one.raw.split() == plan.words
        assert whole or one.warnings or attempt.refused, "nobody is told that its end is missing"


def dictated(desk: Desk, plan: Plan) -> str:
    """One dictation and its fault; where its text was found."""
    before = len(desk.inserted())
    attempt = Attempt(desk, plan)
    attempt.run()
    desk.mend()
    what = found(desk, attempt, before)
    judge(plan, attempt, what)
    if any(len(words_of(text)) < attempt.kept for text in what.texts):  # no more could be made of it, but the audio is
        with desk.connect() as connection:
            [whole] = recovered(connection)
        assert plan.words[: attempt.kept] == whole.raw.split()[: attempt.kept], "lost"
    if desk.unsafe:
        desk.renew()
        desk.unsafe = False
    if left(desk):  # what could not be deleted goes when something can be kept again
        assert plan.fault is not nothing, f"not deleted: {left(desk)}"
        dictated(desk, plan._replace(fault=nothing, words=mark(plan.number + LATER) + plan.words[2:]))
    assert not left(desk), f"not deleted: {left(desk)}"
    if what.texts:
        return "delivered" if what.delivered or what.inserted else "waited"
    assert not attempt.kept, "lost"
    assert plan.fault is not nothing
    return f"refused, then {dictated(desk, plan._replace(fault=nothing))}"


def inserted_unasked(log: str) -> list[str]:
    """Dictations that an earlier daemon had begun, and a later one inserted: by then nobody waits for them there."""
    resumed: set[str] = set()
    found = []
    for line in log.splitlines():
        record = json.loads(line) if line.startswith("{") and line.endswith("}") else {"event": ""}
        if record["event"] == "left_behind":
            resumed.add(record["session_id"])
        elif record["event"] == "inserted" and record["session_id"] in resumed:
            found.append(record["session_id"])
    return found


def left(desk: Desk) -> list[str]:
    """What the journal holds beside the last audio that may be redone."""
    return [path.name for path in desk.journal.iterdir() if path.name != "lock" and not path.name.startswith("kept-")]


@pytest.mark.alone
@pytest.mark.skipif(sys.platform != "linux", reason="limits and small file systems as Linux has them")
@pytest.mark.timeout(scale(180, 7200))
def test_every_text_arrives_or_waits_once_whatever_fails() -> None:
    seed, numbers = chosen()
    print(f"PARLEQ_FAULTS={seed}")
    outcomes: Counter[str] = Counter()
    with fault_desk() as desk:
        for number in numbers:
            plan = planned(seed, number)
            try:
                outcomes[dictated(desk, plan)] += 1
            except BaseException as problem:
                problem.add_note(f"PARLEQ_FAULTS={seed}:{number} repeats it: {plan.told}\n{desk.told}")
                raise
            if number % RENEWED == RENEWED - 1:
                desk.renew()
                with desk.connect() as connection:
                    assert pending(connection) == [], "what was taken came back"
        assert inserted_unasked(desk.log) == []
        marks = Counter(" ".join(words_of(text)[:2]) for text in desk.inserted())
        assert not {mark for mark, times in marks.items() if times > 1}, "inserted twice"
    print(dict(outcomes))
    assert sum(outcomes.values()) == len(numbers)


def chosen() -> tuple[int, range]:
    """Which dictations."""
    seed, _, number = os.environ.get("PARLEQ_FAULTS", "").partition(":")
    chosen = int(seed) if seed else random.SystemRandom().randrange(10**6) if PROVING else 1
    return chosen, range(int(number), int(number) + 1) if number else range(DICTATIONS)
