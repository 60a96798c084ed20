"""Tries every part for real: one finding each, and what to do about it."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import anyio
from anyio import to_thread

from parleqd.core.capture.choice import DEFAULT, chosen_device
from parleqd.core.errors import ParleqError
from parleqd.core.ports import Journal, Log, Microphone, MicrophoneStatus, PolicyInForce, PolicyWithholds
from parleqd.core.session.outcome import Heard, Problem
from parleqd.core.settings import Target
from parleqd.core.speech import messages as speech
from parleqd.core.speech.calibration import verdict
from parleqd.core.speech.languages import AUTO, ENGLISH, is_english_only
from parleqd.engine.bugs import bug_in
from parleqd.engine.calibrating import Calibrating
from parleqd.engine.configuration import Configuration
from parleqd.engine.recognition import Recognition
from parleqd.engine.targets import Cloud
from parleqd.engine.trial import Trial
from parleqd.engine.utterance import Utterance
from parleqd.protocol.messages import CheckResult, DoctorResult
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE, CheckVerdict, MicrophoneState, Mode, Reason

PATIENCE_S = 60.0
"""How long a part may take: a large model loads in that time, and a file's block is decoded."""

_SILENCE = bytes(SAMPLE_RATE * SAMPLE_BYTES)
"""What the recogniser is given: a second in which nothing can be heard, so that nothing is ever made up."""
_OK, _WARNING, _FAILED = CheckVerdict.OK, CheckVerdict.WARNING, CheckVerdict.FAILED
_HARMLESS = (Reason.DEAD_INPUT, Reason.SOURCE_MUTED, Reason.DEVICE_CHANGED)
"""What may be wrong with a microphone that opens and gives frames."""
_CALIBRATE = "`parleqctl models calibrate` does it in a few seconds"
_FASTER = "`parleqctl models list` shows faster ones; `parleqctl models calibrate` measures this one again"
_NO_MICROPHONE = "dictate a file with `parleqctl dictate FILE`"


class Found(NamedTuple):
    """What there is to say of a part."""

    verdict: CheckVerdict
    message: str
    hint: str = ""
    reason: Reason | None = None


Check = Callable[[], Awaitable[Found]]


class Doctor:
    """``patience_s``: how long a part may take before it counts as failed."""

    def __init__(
        self,
        configuration: Configuration,
        recognition: Recognition,
        microphone: Microphone | None,
        journal: Journal,
        cloud: Cloud,
        calibrating: Calibrating,
        log: Log,
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._configuration = configuration
        self._recognition = recognition
        self._microphone = microphone
        self._journal = journal
        self._cloud = cloud
        self._calibrating = calibrating
        self._log = log
        self._patience_s = patience_s

    async def examine(self) -> AsyncIterator[CheckResult]:
        """Try one part after the other, and then all cleanup targets at once. Never raises."""
        checks: dict[str, Check] = {
            "settings": self._settings,
            "model": self._model,
            "worker": self._worker,
            "speed": self._speed,
            "devices": self._devices,
            "microphone": self._hearing,
            "journal": self._keeping,
        }
        for name, check in checks.items():
            yield await self._tried(name, check)
        for check_result in await self._targets():
            yield check_result

    async def _tried(self, name: str, check: Check) -> CheckResult:
        try:
            with anyio.fail_after(self._patience_s):
                found = await check()
        except TimeoutError:
            hint = "is the machine busy? Try again; `parleqctl status` shows what goes on"
            found = Found(_FAILED, f"no answer in {self._patience_s:g} seconds", hint, Reason.TIMEOUT)
        except ParleqError as problem:
            found = Found(_FAILED, problem.message, problem.hint, problem.reason)
        except Exception as error:  # noqa: BLE001 - a bug in one check must not hide what the others find
            found = _found_bug(name, error, self._log)
        return result(name, found)

    async def _targets(self) -> list[CheckResult]:
        """Each target's hops, in the order of the settings."""
        cleanup, policy = self._configuration.settings.cleanup, self._configuration.store.policy
        withheld = [result(one.name, _withheld(one)) for one in (policy.withheld if policy is not None else ())]
        if not cleanup.targets:
            return withheld or [result("targets", _without_targets(cleanup.mode))]
        tried: list[list[CheckResult]] = [[] for _ in cleanup.targets]

        async def fill(place: list[CheckResult], target: Target) -> None:
            place += await examine_target(target, self._cloud, self._log)

        async with anyio.create_task_group() as tasks:
            for place, target in zip(tried, cleanup.targets, strict=True):
                tasks.start_soon(fill, place, target)
        return [*(check for place in tried for check in place), *withheld]

    async def _settings(self) -> Found:
        store = self._configuration.store
        if not store.problems:
            managed = "" if store.policy is None else f"; {store.policy.path} manages {_what_of(store.policy)}"
            return Found(_OK, f"{store.path} holds nothing wrong{managed}")
        first, more = str(store.problems[0]), len(store.problems) - 1
        others = f" (and {more} more)" if more else ""
        hint = "`parleqctl config validate` lists all that is wrong; what is good stays in effect"
        return Found(_FAILED, f"{first}{others}", hint, Reason.CONFIG_INVALID)

    async def _model(self) -> Found:
        name = self._configuration.settings.speech.model
        model = await to_thread.run_sync(self._configuration.models.find, name)
        wanted = self._configuration.settings.speech
        others = [code for code in wanted.languages if code != ENGLISH] if wanted.language == AUTO else []
        if is_english_only(model.name) and (others or wanted.language not in (ENGLISH, AUTO)):
            asked = f"languages names {', '.join(others)}" if others else f"language is {wanted.language}"
            message = f"{model.name} takes everything for English, and speech.{asked}"
            return Found(_WARNING, message, "`parleqctl models list` shows those that know other languages")
        return Found(_OK, f"{model.name} is installed in {model.path}")

    async def _worker(self) -> Found:
        """The recogniser hears a second of silence, the model being loaded for it if need be."""
        entry = self._journal.open(f"doctor-{secrets.token_hex(8)}")
        answer = _Answer()
        utterance = Utterance(
            speech.Open(f"doctor-{secrets.token_hex(8)}", self._configuration.settings.speech.language),
            entry,
            answer,
            live=False,
            keep_s=float("inf"),
        )
        try:
            await entry.append(_SILENCE)
            self._recognition.open(utterance)
            self._recognition.finish(utterance.id)
            await answer.came.wait()
        finally:
            self._recognition.discard(utterance.id)
            entry.discard()
        if answer.problem is not None:
            return Found(_FAILED, answer.problem.message, answer.problem.hint, answer.problem.reason)
        trouble = self._recognition.trouble
        if trouble is not None:
            return Found(_WARNING, trouble.message, trouble.hint, trouble.reason)
        model = self._recognition.model
        return Found(_OK, f"{model.name} ({model.compute_type}) is loaded, and the speech worker answers")

    async def _speed(self) -> Found:
        """What was measured some time: measuring now would take a while."""
        store = self._configuration.models
        model = await to_thread.run_sync(store.find, self._configuration.settings.speech.model)
        models = [model, *(one for one in await to_thread.run_sync(store.list) if one.name != model.name)]
        known = await self._calibrating.known([model])
        if model.name not in known:
            return Found(_OK, f"how fast {model.name} is here has not been measured yet", _CALIBRATE)
        speeds = await self._calibrating.speeds(models)
        line = verdict(model.name, known[model.name], speeds)
        if not speeds[model.name].in_budget:
            return Found(_WARNING, line, _FASTER)
        return Found(_OK, line)

    async def _devices(self) -> Found:
        if self._microphone is None:
            return Found(_FAILED, "this daemon has no microphone", _NO_MICROPHONE, Reason.NO_MICROPHONE)
        devices = await self._microphone.devices()
        names = [device.name for device in devices if not device.monitor]
        audio = self._configuration.settings.audio
        wanted = audio.device
        if not names:
            hint = f"plug one in, or {_NO_MICROPHONE}"
            return Found(_FAILED, "the system has no microphone", hint, Reason.NO_MICROPHONE)
        if wanted != DEFAULT and chosen_device(devices, wanted) is None:
            hint = "`parleqctl devices` lists them, `parleqctl config set audio.device ID` chooses one"
            message = f"the microphone of the settings, {wanted!r}, is not there; there is: {', '.join(names)}"
            return Found(_WARNING, message, hint, Reason.DEVICE_CHANGED)
        default, heard = chosen_device(devices, wanted), chosen_device(devices, wanted, audio.avoid_bluetooth)
        if default is not None and heard is not None and heard is not default:
            spared = f"; {heard.name} is heard, to spare the sound of {default.name} (audio.avoid_bluetooth)"
            return Found(_OK, f"{', '.join(names)}{spared}")
        return Found(_OK, ", ".join(names))

    async def _hearing(self) -> Found:
        if self._microphone is None:
            return Found(_FAILED, "this daemon has no microphone", _NO_MICROPHONE, Reason.NO_MICROPHONE)
        if self._microphone.status.state is MicrophoneState.LISTENING:
            return _found_of(self._microphone.status)  # a dictation is under way: it is no time to try anything
        return _found_of(await self._microphone.probe())

    async def _keeping(self) -> Found:
        """What is kept can be read again."""
        entry = self._journal.open(f"doctor-{secrets.token_hex(8)}")
        try:
            await entry.append(_SILENCE)
            kept = entry.read(0, SAMPLE_RATE) == _SILENCE
        finally:
            entry.discard()
        if not kept:
            message = f"{self._journal.place} does not hold what is written to it"
            return Found(_FAILED, message, "is there any memory left?", Reason.JOURNAL_FAILED)
        if not self._journal.survives:
            hint = "it needs a folder in memory: $XDG_RUNTIME_DIR or /dev/shm; see audio.journal_without_memory"
            message = f"{self._journal.place}: what is being said is lost if the daemon dies"
            return Found(_WARNING, message, hint, Reason.JOURNAL_FAILED)
        return Found(_OK, f"{self._journal.place}: it outlives the daemon")


class _Answer:
    """Listens for the end of one utterance, whose text is of no interest."""

    def __init__(self) -> None:
        self.came = anyio.Event()
        self.problem: Problem | None = None

    def partial(self, stable: str, provisional: str) -> None:
        """Nobody asked for it."""

    def level(self, dbfs: float, silent_seconds: float) -> None:
        """It is silent."""

    def done(self, heard: Heard) -> None:
        """The recogniser works."""
        self.came.set()

    def failed(self, problem: Problem, heard: Heard | None) -> None:
        """It does not."""
        self.problem = problem
        self.came.set()


def result(name: str, found: Found) -> CheckResult:
    """A finding as it crosses the wire."""
    return CheckResult(check=name, verdict=found.verdict, message=found.message, hint=found.hint, reason=found.reason)


def report(checks: list[CheckResult]) -> DoctorResult:
    """All findings, of which there is one at least, under the worst verdict."""
    return DoctorResult(verdict=max((check.verdict for check in checks), key=list(CheckVerdict).index), checks=checks)


async def examine_target(target: Target, cloud: Cloud, log: Log, given: str | None = None) -> list[CheckResult]:
    """One cleanup target, hop by hop, at the price of one small request. Never raises.

    ``given``: what to sign in with instead of the key or token that is kept.
    """
    try:
        found = await Trial(target, cloud, log, given=given).run()
    except Exception as error:  # noqa: BLE001 - as in a check of any other part
        return [result(target.name, _found_bug(target.name, error, log))]
    return [
        CheckResult(
            check=f"{target.name}: {hop.hop}",
            verdict=hop.verdict,
            message=hop.message,
            hint=hop.hint,
            reason=hop.reason,
        )
        for hop in found
    ]


async def examine_socket(path: str) -> CheckResult:
    """Can nobody but this user get at the socket?"""
    return result("socket", await to_thread.run_sync(_socket_at, path))


def _socket_at(path: str) -> Found:
    again = "stop the daemon and start it again: it makes the socket anew"
    try:
        found = os.lstat(path)
    except OSError as error:
        return Found(_FAILED, f"{path}: {error.strerror}", again, Reason.SOCKET_UNUSABLE)
    if not stat.S_ISSOCK(found.st_mode):
        return Found(_FAILED, f"{path} is no socket any more", again, Reason.SOCKET_UNUSABLE)
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid != os.getuid() or mode & 0o077:
        message = f"{path} has mode {mode:04o} and belongs to user id {found.st_uid}: others can get at it"
        return Found(_FAILED, message, f"`chmod 600 {path}`", Reason.SOCKET_UNUSABLE)
    return Found(_OK, f"{path} (mode {mode:04o})")


def _what_of(policy: PolicyInForce) -> str:
    return ", ".join([*policy.decided, *(f"target {one.name}" for one in policy.withheld)]) or "nothing of yours"


def _withheld(target: PolicyWithholds) -> Found:
    return Found(
        _WARNING, target.message, "it stays in your settings, and is used once that is allowed", Reason.MANAGED
    )


def _without_targets(mode: Mode) -> Found:
    if mode is not Mode.POLISHED:
        return Found(_OK, f"there are none, and cleanup.mode = {mode.value} needs none")
    hint = "`parleqctl setup` adds one; with cleanup.mode = instant, texts are cleaned on this device"
    return Found(_FAILED, "cleanup.mode is polished, and no cleanup target is configured", hint, Reason.NOT_CONFIGURED)


def _found_bug(name: str, error: Exception, log: Log) -> Found:
    bug = bug_in(error)
    log("check_failed", check=name, error=bug.error, where=bug.where)
    return Found(_FAILED, f"a bug in parleqd ({bug.error})", "please report it", Reason.INTERNAL)


def _found_of(status: MicrophoneStatus) -> Found:
    """What a microphone's status says."""
    if status.reason is None and status.state is not MicrophoneState.MISSING:
        under_way = ", and a dictation is under way" if status.state is MicrophoneState.LISTENING else ""
        return Found(_OK, f"{status.device or 'the microphone'} is heard{under_way}")
    verdict = _WARNING if status.reason in _HARMLESS else _FAILED
    return Found(verdict, status.message or "there is no microphone", status.hint, status.reason)
