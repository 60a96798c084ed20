from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleqd.adapters.journal.memory import MemoryEntry, MemoryJournal
from parleqd.adapters.speech.scripted import Life, ScriptedFactory
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Device, MicrophoneStatus, Token
from parleqd.core.speech import messages as speech
from parleqd.engine.doctor import Doctor, examine_socket, report
from parleqd.protocol.messages import CheckResult
from parleqd.protocol.names import CheckVerdict, MicrophoneState, ModelState, Reason
from tests.fakes.chat import FakeChat, Reply
from tests.fakes.cloud import cloud
from tests.fakes.engine import Engine, running_engine
from tests.fakes.microphone import MONITOR, FakeMicrophone
from tests.fakes.recogniser import final

HEALTHY = {
    "settings": "ok",
    "model": "ok",
    "worker": "ok",
    "speed": "ok",
    "devices": "ok",
    "microphone": "ok",
    "journal": "ok",
    "targets": "ok",
}


class LastingJournal(MemoryJournal):
    """Says that it outlives the daemon."""

    survives = True


class ForgetfulEntry(MemoryEntry):
    def read(self, start: int, count: int) -> bytes:
        return b"\1" * len(super().read(start, count))


class BrokenJournal(MemoryJournal):
    """Forgets what is written to it."""

    def open(self, session_id: str) -> MemoryEntry:
        return ForgetfulEntry()


@asynccontextmanager
async def examined(
    config: str = "", microphone: FakeMicrophone | None = None, life: Life | None = None
) -> AsyncIterator[tuple[Engine, dict[str, CheckResult]]]:
    """A daemon, and what the doctor found of it."""
    recognisers = ScriptedFactory(lives=[] if life is None else [life, life, life])
    async with running_engine(config, microphone=microphone, recognisers=recognisers) as engine:
        yield engine, await findings(engine)


async def findings(
    engine: Engine, journal: MemoryJournal | None = None, patience_s: float = 10.0
) -> dict[str, CheckResult]:
    services = engine.services
    journal = journal or LastingJournal()
    doctor = Doctor(
        services.configuration,
        services.recognition,
        services.microphone,
        journal,
        services.cloud,
        services.calibrating,
        services.records.log,
        patience_s=patience_s,
    )
    return {check.check: check async for check in doctor.examine()}


@pytest.mark.asyncio
async def test_of_a_healthy_daemon_every_part_is_well() -> None:
    microphone = FakeMicrophone()
    async with examined(microphone=microphone) as (engine, found):
        assert {name: check.verdict for name, check in found.items()} == HEALTHY
        assert all(check.message and check.reason is None for check in found.values())
        assert "Monitor" not in found["devices"].message
        assert microphone.probes == 1
        assert engine.services.records.history.latest(1) == []
        assert engine.services.records.metrics.counts == {}


@pytest.mark.asyncio
async def test_a_bad_setting_is_named_with_its_place() -> None:
    async with examined("[audio]\ndevcie = 'desk'\nchannel = 'left'\n") as (engine, found):
        check = found["settings"]
        assert (check.verdict, check.reason) == ("failed", "config_invalid")
        assert f"{engine.config}:2" in check.message
        assert "and 1 more" in check.message


@pytest.mark.asyncio
async def test_a_model_that_is_not_installed_fails_with_what_to_do() -> None:
    async with examined("[speech]\nmodel = 'base'\n") as (_, found):
        assert (found["model"].verdict, found["model"].reason) == ("failed", "model_missing")
        assert (found["worker"].verdict, found["worker"].reason) == ("failed", "model_missing")
        assert "models install" in found["worker"].hint


@pytest.mark.asyncio
async def test_a_model_that_cannot_be_loaded_fails() -> None:
    life = Life(load_failed=speech.LoadFailed(missing=False, message="model.bin is cut short"))
    async with examined(life=life) as (_, found):
        check = found["worker"]
        assert (check.verdict, check.reason, check.message) == ("failed", "model_damaged", "model.bin is cut short")


@pytest.mark.asyncio
async def test_a_worker_that_says_nothing_fails_in_time_and_is_not_asked_for_ever() -> None:
    async with running_engine() as engine:
        found = await findings(engine, patience_s=0.05)
        check = found["worker"]
        assert (check.verdict, check.reason) == ("failed", "timeout")
        assert "0.05 seconds" in check.message
        puppet = await engine.puppets.life(1)
        await puppet.until(lambda: any(isinstance(command, speech.Discard) for command in puppet.commands))
        assert engine.services.recognition.model.state is ModelState.LOADING


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("config", "reason", "message", "hint"),
    [
        ("[speech]\ndevice = 'cuda'\n", "gpu_failed", "it fails", "speech.device cpu"),
        (
            "[speech]\nengine = 'openai-compatible'\nserver = 'http://127.0.0.1:9'\nserver_model = 'm'\n",
            "speech_server_failed",
            "it fails; tiny.en decodes in its place",
            "start the server",
        ),
    ],
)
async def test_a_gpu_or_a_server_that_fails_is_a_warning_although_another_decodes(
    config: str, reason: str, message: str, hint: str
) -> None:
    async with running_engine(config) as engine:
        puppet = await engine.puppets.life(1)

        async def play() -> None:
            puppet.say(speech.Loaded("tiny.en", "int8", 12.0, "it fails"))
            await puppet.until(lambda: any(isinstance(command, speech.Finish) for command in puppet.commands))
            puppet.say(*(final(one.utterance, 1.0) for one in puppet.commands if isinstance(one, speech.Finish)))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(play)
            check = (await findings(engine))["worker"]
    assert (check.verdict, check.reason, check.message) == ("warning", reason, message)
    assert hint in check.hint


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("language = 'de'", "speech.language is de"),
        ("language = 'auto'\nlanguages = ['de', 'en', 'fr']", "speech.languages names de, fr"),
        ("language = 'auto'\nlanguages = ['en']", ""),
        ("language = 'en'\nlanguages = ['de']", ""),
        ("language = 'auto'", ""),
    ],
)
async def test_a_model_that_knows_english_alone_cannot_find_other_languages(config: str, told: str) -> None:
    async with examined(f"[speech]\nmodel = 'tiny.en'\n{config}\n") as (_, found):
        assert found["model"].verdict == ("warning" if told else "ok")
        assert told in found["model"].message


@pytest.mark.asyncio
async def test_without_a_microphone_two_checks_fail() -> None:
    async with examined() as (_, found):
        for name in ("devices", "microphone"):
            assert (found[name].verdict, found[name].reason) == ("failed", "no_microphone")
            assert "dictate FILE" in found[name].hint


@pytest.mark.asyncio
async def test_a_missing_library_is_told_as_the_microphone_tells_it() -> None:
    microphone = FakeMicrophone()
    microphone.known = OutsideError(Reason.NO_PORTAUDIO, "PortAudio is not installed", "install libportaudio2")
    microphone.probed = MicrophoneStatus(
        MicrophoneState.MISSING, "", Reason.NO_PORTAUDIO, "PortAudio is not installed", "install libportaudio2"
    )
    async with examined(microphone=microphone) as (_, found):
        for name in ("devices", "microphone"):
            check = found[name]
            assert (check.verdict, check.reason, check.hint) == ("failed", "no_portaudio", "install libportaudio2")


@pytest.mark.asyncio
async def test_a_muted_microphone_is_a_warning() -> None:
    microphone = FakeMicrophone()
    microphone.probed = MicrophoneStatus(MicrophoneState.IDLE, "Mic", Reason.DEAD_INPUT, "it is silent", "unmute it")
    async with examined(microphone=microphone) as (_, found):
        assert (found["microphone"].verdict, found["microphone"].message) == ("warning", "it is silent")


@pytest.mark.asyncio
async def test_a_headset_that_is_spared_is_told() -> None:
    microphone = FakeMicrophone()
    phones = Device("bluez", "Phones", default=True, bus="bluetooth", output=True)
    microphone.known = [phones, Device("desk", "Desk", bus="usb")]
    async with examined(microphone=microphone) as (_, found):
        told = "Phones, Desk; Desk is heard, to spare the sound of Phones (audio.avoid_bluetooth)"
        assert (found["devices"].verdict, found["devices"].message) == ("ok", told)


@pytest.mark.asyncio
async def test_a_microphone_that_is_dictated_with_is_left_alone() -> None:
    microphone = FakeMicrophone()
    microphone.become(MicrophoneStatus(MicrophoneState.LISTENING, "Mic"))
    async with examined(microphone=microphone) as (_, found):
        assert (found["microphone"].verdict, microphone.probes) == ("ok", 0)
        assert "under way" in found["microphone"].message


@pytest.mark.asyncio
async def test_monitors_alone_are_no_microphone() -> None:
    microphone = FakeMicrophone()
    microphone.known = [MONITOR]
    async with examined(microphone=microphone) as (_, found):
        assert (found["devices"].verdict, found["devices"].reason) == ("failed", "no_microphone")


@pytest.mark.asyncio
async def test_a_chosen_device_that_is_not_there_is_a_warning() -> None:
    async with examined("[audio]\ndevice = 'Webcam'\n", FakeMicrophone()) as (_, found):
        check = found["devices"]
        assert (check.verdict, check.reason) == ("warning", "device_changed")
        assert "'Webcam'" in check.message
        assert "Headset" in check.message
    async with examined("[audio]\ndevice = 'Headset'\n", FakeMicrophone()) as (_, found):
        assert found["devices"].verdict == "ok"


@pytest.mark.asyncio
async def test_a_journal_that_dies_with_the_daemon_is_a_warning_and_one_that_forgets_a_failure() -> None:
    async with running_engine(recognisers=ScriptedFactory()) as engine:
        assert (await findings(engine, MemoryJournal()))["journal"].verdict == "warning"
        broken = (await findings(engine, BrokenJournal()))["journal"]
        assert (broken.verdict, broken.reason) == ("failed", "journal_failed")


@pytest.mark.asyncio
async def test_a_bug_in_one_check_costs_that_check_alone() -> None:
    class Odd(FakeMicrophone):
        async def probe(self) -> MicrophoneStatus:
            raise ZeroDivisionError

    async with examined(microphone=Odd()) as (engine, found):
        assert (found["microphone"].verdict, found["microphone"].reason) == ("failed", "internal")
        assert found["journal"].verdict == "ok"
        assert engine.log.fields("check_failed")[0]["error"] == "ZeroDivisionError"


@pytest.mark.asyncio
async def test_cleanup_targets_are_missed_only_where_texts_are_to_be_polished() -> None:
    async with examined('[cleanup]\nmode = "polished"\n') as (_, found):
        assert (found["targets"].verdict, found["targets"].reason) == ("failed", "not_configured")
        assert "parleqctl setup" in found["targets"].hint
    async with examined('[cleanup]\nmode = "raw"\n') as (_, found):
        assert "cleanup.mode = raw" in found["targets"].message


def target_named(name: str, auth: str = "api-key") -> str:
    return f'[[cleanup.target]]\nname = "{name}"\nresource = "http://127.0.0.1"\ndeployment = "d"\nauth = "{auth}"\n'


@pytest.mark.asyncio
async def test_every_target_is_told_hop_by_hop_in_the_order_of_the_settings() -> None:
    chat = FakeChat(Reply(404), Reply(404))
    using = cloud(chat, environment={"AZURE_OPENAI_API_KEY": "k"})
    config = target_named("west") + target_named("east")
    async with running_engine(config, cloud=using, recognisers=ScriptedFactory()) as engine:
        found = await findings(engine)
        assert len(chat.requests) == 2
    told = [name for name in found if ": " in name]
    assert told[0] == "west: address"
    assert [name.split(":")[0] for name in told] == sorted((name.split(":")[0] for name in told), reverse=True)
    assert (found["east: address"].verdict, found["east: address"].reason) == ("failed", "resource_not_found")
    assert "targets" not in found


@pytest.mark.asyncio
async def test_a_bug_in_one_target_costs_that_target_alone() -> None:
    class Odd:
        async def mint(self, scope: str) -> Token:
            raise ZeroDivisionError

    config = target_named("east", auth="token") + target_named("west")
    chat = FakeChat(Reply(404))
    using = cloud(chat, sign_in=lambda *_: Odd(), environment={"AZURE_OPENAI_API_KEY": "k"})
    async with running_engine(config, cloud=using, recognisers=ScriptedFactory()) as engine:
        found = await findings(engine)
    assert (found["east"].verdict, found["east"].reason) == ("failed", "internal")
    assert found["west: connection"].verdict == "ok"


def test_a_report_is_as_bad_as_its_worst_check() -> None:
    checks = [CheckResult(check=verdict, verdict=verdict, message="m") for verdict in CheckVerdict]
    assert report(checks).verdict == "failed"
    assert report(checks[:3]).verdict == "warning"
    assert report(checks[:2]).verdict == "ok"  # of what was skipped, nothing is known


def socket_with_mode(path: Path, mode: int) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
    path.chmod(mode)


@pytest.mark.asyncio
async def test_the_socket_must_be_this_user_s_alone() -> None:
    async with anyio.TemporaryDirectory(prefix="parleq-", dir=tempfile.gettempdir()) as folder:
        private, public, file = (Path(folder) / name for name in ("private", "public", "file"))
        await to_thread.run_sync(socket_with_mode, private, 0o600)
        await to_thread.run_sync(socket_with_mode, public, 0o666)
        await to_thread.run_sync(file.write_text, "")
        good, bad = await examine_socket(str(private)), await examine_socket(str(public))
        assert (good.check, good.verdict, good.message) == ("socket", "ok", f"{private} (mode 0600)")
        assert (bad.verdict, bad.reason) == ("failed", "socket_unusable")
        assert f"user id {os.getuid()}" in bad.message
        assert (await examine_socket(str(file))).message == f"{file} is no socket any more"
        assert "No such file" in (await examine_socket(f"{folder}/none")).message


@pytest.mark.asyncio
async def test_what_a_policy_does_is_told() -> None:
    async with running_engine(target_named("keyed")) as engine:
        policy = await engine.write_policy("[limit]\nhistory = 3\nstatic_keys = false\n")
        await engine.services.configuration.reload()
        found = await findings(engine)
    assert found["settings"].message.endswith(f"; {policy} manages history.keep, target keyed")
    assert (found["keyed"].verdict, found["keyed"].reason) == ("warning", "managed")
    assert found["keyed"].message == f"the policy allows no keys that nobody renews ({policy}:3)"
