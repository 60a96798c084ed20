"""The text of one utterance while it grows: what is final, what is a draft, what is guessed, and what is decoded next.

Somebody who holds the key down waits for nothing; whoever lets it go waits for what is left. So the worker decodes in
advance what may be the end, revises what surely is not, and when the key comes up takes what there is.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from parleqd.core.speech.care import Care
from parleqd.core.speech.drafts import Drafts
from parleqd.core.speech.guesses import SPLIT, Guess, Split, known_part
from parleqd.core.speech.joins import begun, mended
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.messages import Event, Open, Partial, Segment
from parleqd.core.speech.seams import Seams
from parleqd.core.speech.segmenting import DEFAULT, Block, Policy, Segmenter
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.verdict import VOICED_UNKNOWN, capture_verdict
from parleqd.protocol.names import SAMPLE_RATE, Verdict
from parleqd.speech_worker.decodes import Decodes, Model, Steps
from parleqd.speech_worker.ear import Heard
from parleqd.speech_worker.failure import NotDecodedError
from parleqd.speech_worker.process import give_memory_back
from parleqd.speech_worker.samples import Samples

_FIRST_PARTIAL_SAMPLES = 7 * SAMPLE_RATE // 10
"""So much has been said before whoever reads along gets a hypothesis."""
_FIRST_GUESS_SAMPLES = 23 * SAMPLE_RATE // 10
"""And so much before there is a guess that the release can go on from: see `splicing.reach`."""
_GUESS_SAMPLES = SAMPLE_RATE
"""After so much more has been said there is a new one, of a quick model."""
_APART = 3
"""And not before so many times what was heard while the last one was made: a core has other work, too."""
_FARTHEST_APART = 5 * SAMPLE_RATE
"""However much was heard at once meanwhile."""
_JUST_S = 0.3
_LAST_WORDS = 4
_REVISION_WAITS = 4 * SAMPLE_RATE
"""So long, at most, for a voice to come back after a break: who speaks without any is revised in mid-word."""


class Piece(IntEnum):
    """A piece of work, the most pressing first."""

    LISTEN = 0
    DECODE = 1
    """What must be decoded before anything more can be committed."""
    GUESS = 2
    """What has been said since the last cut, in advance."""
    SEAM = 3
    """The join behind the segment that was over last, once more."""
    REVISE = 4
    """Drafts, once more and together."""


class _Job(NamedTuple):
    """A decode under way."""

    piece: Piece
    block: Block
    begun: int  # so much had been heard
    said_until: int
    whole: bool
    care: Care
    steps: Steps

    def is_for(self, block: Block) -> bool:
        """Is it this segment's, or a guess that covers it?"""
        return self.block == block or Guess(self.block, self.said_until, ()).covers(block)


class Composition:
    """``samples``: the utterance's audio, of which it lets go what is committed."""

    def __init__(
        self, opened: Open, model: Model, samples: Samples, policy: Policy = DEFAULT, split: Split = SPLIT
    ) -> None:
        self.done = False
        self.decode_ms = 0.0
        """Spent since the end came."""
        self._opened = opened
        self._model = model
        self._samples = samples
        self._policy = policy
        self._split = split
        self._start = self._heard = samples.end
        self._peak = 0
        self._finished = False
        self._ended = False
        self._spoken = Spoken(opened.language, opened.languages, translate=opened.translate)
        self._decodes = Decodes(model, samples, self._spoken, opened.hotwords)
        self._segmenter = Segmenter(self._start, policy)
        self._drafts = Drafts()
        self._drafted_at = self._start
        self._seams = Seams(self._start)
        self._job: _Job | None = None
        self._guesses: list[Guess] = []
        self._guessed_until = 0
        self._guess_apart = _GUESS_SAMPLES
        self._before = ""  # the last words of what is committed

    def hear(self, heard: Heard, until: int, peak: int) -> None:
        """The next frames, up to a sample. ``peak``: the largest absolute sample so far."""
        self._heard, self._peak = until, peak
        self._segmenter.hear(heard.voice, heard.voiced)

    def finish(self, waited_ms: float) -> None:
        """No more frames will come, but for those that have not been heard yet. ``waited_ms``: see `Utterance`."""
        self._finished = True
        self.decode_ms = waited_ms

    def end(self) -> None:
        """All has been heard."""
        if not self._ended:
            self._ended = True
            self._segmenter.rest(self._samples.end)

    @property
    def decoding(self) -> bool:
        """Is a segment's decode under way?"""
        return self._job is not None and self._job.piece is Piece.DECODE

    def next_piece(self) -> Piece | None:
        """What is to be decoded or committed now, if anything."""
        if self._ended or self._segmenter.ready is not None or (self._drafts and not self._model.thorough):
            return Piece.DECODE
        if self._finished or not self._opened.urgent:
            return None
        if self._job is not None:  # what was begun is done before anything else is, or it would never be
            return self._job.piece
        if self._guess_due():
            return Piece.GUESS
        if self._seam_due():
            return Piece.SEAM
        return Piece.REVISE if self._revision_due() else None

    def work(self, piece: Piece) -> list[Event]:
        """Do a piece of work; what is to be said of it."""
        match piece:
            case Piece.GUESS:
                return self._work_on_guess()
            case Piece.SEAM:
                return self._listen_again()
            case Piece.REVISE:
                return self._revise()
            case _:
                return self._decode()

    def _decode(self) -> list[Event]:
        """Commit what can be committed; before that, at most one step of a decode that it takes."""
        events: list[Event] = []
        stepped = False
        while not self.done and self._takes_all_that_fits(events):
            must_decode = self._must_decode()
            if not must_decode and (self._hurries or self._seams.span(self._heard) is None):
                texts = self._seams.sewn(self._before, self._drafts.decodes)
                events += self._commit(self._drafts.together, texts)
                self._drafts.clear()
            elif stepped:
                break
            else:
                stepped = True
                if must_decode:
                    self._step_of_drafts()
                else:
                    self._listen_again()
        return events

    def _takes_all_that_fits(self, events: list[Event]) -> bool:
        """Segments that are over become drafts, silent ones are committed. Must the drafts be committed now?"""
        while (block := self._segmenter.ready) is not None:
            is_speech = self._is_speech(block)
            if is_speech and self._hurries and self._model.thorough and self._drafts.goes_on(block, self._guesses):
                self._segmenter.take()
                self._drafts.extend(block)
                continue
            if self._drafts and not (is_speech and self._model.thorough and self._drafts.fits(block)):
                return True
            self._segmenter.take()
            if is_speech:
                self._drafts.add(block, self._guesses)
                self._drafted_at = self._heard
                self._seams.cut(block.end)
            else:
                events += self._commit(block, [])
            self._guesses, self._guessed_until = [], 0
        return len(self._drafts) > 0 and (self._ended or not self._model.thorough)

    @property
    def _hurries(self) -> bool:
        """Is there no time for a revision?"""
        return not self._model.thorough or (self._opened.urgent and self._finished)

    def _must_decode(self) -> bool:
        return self._drafts.unread is not None if self._hurries else not self._drafts.is_revised

    def _step_of_drafts(self) -> None:
        draft = self._drafts.unread
        if not self._hurries or draft is None:
            self._revise()
            return
        if self._job is None or self._job.care is not Care.USUAL or not self._job.is_for(draft.block):
            self._job = self._begin(Piece.DECODE, draft.block, draft.guesses)
        texts = self._stepped(self._job._replace(piece=Piece.DECODE))
        if texts is not None:
            self._drafts.read(draft, texts)

    def _begin(self, piece: Piece, block: Block, guesses: Sequence[Guess] = ()) -> _Job:
        """A decode of a segment: of all of it, or in a hurry of what is not known from guesses."""
        usable = guesses if piece is Piece.GUESS or self._finished else ()
        begin, known = known_part(usable, block, self._split)
        care = self._care(piece)
        steps = self._decodes.texts(block, begin, known, care)
        is_whole = begin == block.speech.start
        last = self._spliced_onto(piece, block, usable)
        if last is not None and (at := self._decodes.splice_at(block, last.said_until)) is not None and at > begin:
            steps, is_whole = self._decodes.spliced(block, last.texts, at, steps), False
        return _Job(piece, block, self._heard, self._said_until(), is_whole, care, steps)

    def _care(self, piece: Piece) -> Care:
        """A guess in mid-speech is only there to go on from."""
        if piece is Piece.REVISE:
            return Care.GREAT
        return Care.BRIEF if piece is Piece.GUESS and not self._may_be_over else Care.USUAL

    @property
    def _may_be_over(self) -> bool:
        return self._segmenter.silent_s >= self._policy.guess_s

    def _spliced_onto(self, piece: Piece, block: Block, guesses: Sequence[Guess]) -> Guess | None:
        """The guess of which only the end is to be decoded again, with what followed."""
        last = guesses[-1] if guesses else None
        if last is None or not last.texts or not last.begins(block):
            return None
        anew = piece is Piece.GUESS and (self._can_be_whole(block) or self._is_unfinished(last))
        return None if anew else last

    def _can_be_whole(self, block: Block) -> bool:
        """Is there time to guess it all anew? That is the surer way."""
        longest_s = self._split.from_s if self._may_be_over else self._split.whole_s
        return block.speech.end - block.speech.start < longest_s * SAMPLE_RATE

    def _is_unfinished(self, guess: Guess) -> bool:
        """Whisper begins small, and leaves out what belongs between sentences, where it hears a mere fragment."""
        return guess.texts[0].text[:1].islower() and not (self._before or self._drafts)

    def _stepped(self, job: _Job) -> Sequence[TimedText] | None:
        """A step of a decode; its texts when it was the last."""
        began = time.monotonic()
        texts = next(job.steps)
        if self._finished:
            self.decode_ms += (time.monotonic() - began) * 1000
        self._job = job if texts is None else None
        return texts

    def _revision_due(self) -> bool:
        """Is there one to be made, and will the key hardly be let go of meanwhile?"""
        return not self._drafts.is_revised and self._goes_on(self._drafted_at)

    def _seam_due(self) -> bool:
        span = self._seams.span(self._heard) if self._model.thorough else None
        return span is not None and self._goes_on(span.end)

    def _goes_on(self, waited_since: int) -> bool:
        """Has a voice just come back, or is there one after a long wait?"""
        spoken_s, waited = self._segmenter.spoken_s, self._heard - waited_since
        return 0 < spoken_s <= _JUST_S or (spoken_s > 0 and waited >= _REVISION_WAITS)

    def _revise(self) -> list[Event]:
        block = self._drafts.together
        if self._job is None or self._job.piece is not Piece.REVISE or self._job.block.end != block.end:
            self._job = self._begin(Piece.REVISE, block)
        texts = self._stepped(self._job)
        if texts is not None:
            self._drafts.revise(block.end, texts)
            give_memory_back()  # of the largest window
        return []

    def _listen_again(self) -> list[Event]:
        if self._job is None or self._job.piece is not Piece.SEAM:
            span = self._seams.span(self._heard)
            assert span is not None
            around = Block(*span, speech=span, voiced=(), voiced_seconds=VOICED_UNKNOWN)
            self._job = self._begin(Piece.SEAM, around)
        job = self._job
        texts = self._stepped(job)
        if texts is not None:
            self._seams.hear(job.block.speech, join(text.text for text in texts))
        return []

    def _is_speech(self, block: Block) -> bool:
        seconds = (block.end - self._start) / SAMPLE_RATE  # a segment may be short: what was cut off goes before it
        return capture_verdict(seconds, block.voiced_seconds, self._peak, live=False) is Verdict.SPEECH

    def _commit(self, block: Block, texts: list[TimedText]) -> list[Event]:
        """The segment's texts; the last one reaches to the segment's end, so that a replay may begin there."""
        last = self._finished and block.end == self._samples.end
        end = block.end / SAMPLE_RATE
        if not (texts or last):
            texts = [TimedText(block.start / SAMPLE_RATE, end, "")]
        said = mended([text.text for text in texts], self._before, self._spoken.language)
        if not (self._before or self._start):
            said[:1] = map(begun, said[:1])
        self._before = " ".join(join([self._before, *said]).split()[-_LAST_WORDS:])
        events: list[Event] = [
            Segment(
                self._opened.utterance,
                min(text.start, end),
                end if text is texts[-1] else min(text.end, end),
                one,
                self._spoken.language,
            )
            for text, one in zip(texts, said, strict=True)
        ]
        if self._job is not None and self._job.block.speech.start < block.end:
            self._job = None  # a guess at what is final now, and whose audio goes
        self._seams.forget(block.end)
        self._samples.drop(self._seams.needed_from(block.end))
        self.done = last
        return events

    def _guess_due(self) -> bool:
        """Is the open segment to be decoded in advance: it may be over, somebody reads along, or much has been said?"""
        over, reads = self._may_be_over, self._opened.partials
        tried, until = self._guessed_until, self._said_until()
        soonest = 1 if over else _FIRST_PARTIAL_SAMPLES if reads else _GUESS_SAMPLES
        if until - tried < soonest or not (over or reads or self._model.thorough):
            return False  # told before the open segment is put together: this is asked at every frame
        block = self._segmenter.open
        if block is None or not self._is_speech(block):
            return False
        if over:
            return True
        if tried > block.speech.start:
            return until - tried >= self._guess_apart
        return until - block.speech.start >= (_FIRST_PARTIAL_SAMPLES if reads else _FIRST_GUESS_SAMPLES)

    def _said_until(self) -> int:
        return self._heard - round(self._segmenter.silent_s * SAMPLE_RATE)

    def _work_on_guess(self) -> list[Event]:
        if self._job is None or self._job.piece is not Piece.GUESS:
            begun = self._segmenter.open
            assert begun is not None
            self._job = self._begin(Piece.GUESS, begun, self._guesses)
        job = self._job
        try:
            texts = self._stepped(job)
        except NotDecodedError:  # more may be said, and decoded: only the end must not fail
            self._job, self._guessed_until = None, job.said_until
            return []
        if texts is None:
            return []
        self._guess_apart = min(max(_GUESS_SAMPLES, _APART * (self._heard - job.begun)), _FARTHEST_APART)
        self._guessed_until = job.said_until
        if job.care is Care.BRIEF:
            self._guessed_until -= 1  # in a silence there it is guessed at again
            if not texts:
                return []
        guess, draft = Guess(job.block, job.said_until, texts, job.whole), self._drafts.unread
        if draft is not None and guess.covers(draft.block):  # it was over before the decode was
            self._drafts.read(draft, texts)
            return self._hypothesis()
        block = self._segmenter.open
        if block is None or not guess.begins(block):  # it was cut meanwhile
            self._guessed_until = 0
            return []
        self._guesses.append(guess)
        return self._hypothesis(texts)

    def _hypothesis(self, guessed: Sequence[TimedText] = ()) -> list[Event]:
        """For whoever reads along: what is not final yet."""
        if not self._opened.partials:
            return []
        provisional = join(text.text for text in [*self._drafts.texts, *guessed])
        return [Partial(self._opened.utterance, stable="", provisional=provisional)]
