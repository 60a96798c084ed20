"""Dictations whose cleanup needs a token of the real ``az``: no text waits for it, and none is lost by it."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from parleq_client.dictation import Dictation
from parleqd.adapters.identity.az_process import PLACES
from tests.e2e.azure import Azure, attempts, daemon_at, running_azure
from tests.e2e.programs import Daemon, eventually
from tests.e2e.recordings import samples, words
from tests.fakes.http_server import whole
from tests.parts import need, scale
from tests.peers.azure_authority import refusal

pytestmark = pytest.mark.timeout(180)  # `az` is a large program on a small machine

CLIP = "utt-84-121123-0007.flac"
TEXT = "What do you mean, sir?"
LIFE_S, NEAR_ITS_END_S, AFTER_IT_S = 4000, 3760, 4100
"""How long tokens live; four minutes before the end, when az renews them; and a while after it."""
NO_TOKEN = [
    ("echo Welcome to az", "token_failed"),
    ("exec yes Welcome to az", "token_failed"),
    ("kill -9 $$", "token_failed"),
    ("exit 127", "az_missing"),
    ("echo 'requests.exceptions.ConnectionError: x' >&2; exit 1", "network_error"),
]
"""What az does instead, and the reason that is given."""


class Speech:
    """One dictation, in two parts: key down, and what is said until the text is there."""

    def __init__(self, daemon: Daemon, stack: ExitStack) -> None:
        connection = stack.enter_context(daemon.connect())
        connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
        self._dictation = Dictation(connection)
        self._dictation.start_stream(mode="polished")

    def finish(self) -> dict[str, Any]:
        self._dictation.feed(samples(CLIP))
        self._dictation.stop()
        result = self._dictation.result()
        self._dictation.acknowledge("sent")
        assert words(result["text"]) == words(TEXT)
        return result

    def give_up(self) -> None:
        self._dictation.cancel()


def dictate(daemon: Daemon) -> dict[str, Any]:
    """One dictation, as fast as it goes."""
    with ExitStack() as stack:
        return Speech(daemon, stack).finish()


def dictate_when_az_has_ended(daemon: Daemon) -> dict[str, Any]:
    """One dictation during which az is started, and whose speaker goes on until it has ended."""
    with ExitStack() as stack:
        before = attempts(daemon)
        speech = Speech(daemon, stack)
        eventually(lambda: attempts(daemon) > before, "az was asked")
        return speech.finish()


def polished(result: dict[str, Any]) -> bool:
    """Cleaned by the deployment, and nothing to say about it."""
    assert result["fallback"] is None, result["fallback"]
    return bool(result["mode"]["used"] == "polished")


def why_instant(result: dict[str, Any]) -> tuple[str, str]:
    """The reason and what to do."""
    assert result["mode"]["used"] == "instant"
    return result["fallback"]["reason"], result["fallback"]["hint"]


def state_of(daemon: Daemon) -> tuple[str, str]:
    """What the status tells of the target."""
    [target] = daemon.status()["cleanup"]["targets"]
    return target["state"], target["detail"]


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    need("embedded-model")
    with running_azure(tmp_path, TEXT) as azure:
        azure.authority.expires_in = LIFE_S
        yield azure


def test_signed_in_renewed_signed_out_and_in_again_without_a_restart(azure: Azure) -> None:
    azure.install()
    azure.log_in()
    issued, bearers = azure.authority.issued, azure.bearers
    with daemon_at(azure, "polished") as daemon:
        eventually(lambda: attempts(daemon) == 1, "the token is there before any dictation")
        first = issued[-1]
        assert polished(dictate(daemon))
        assert polished(dictate(daemon))
        assert (bearers(), len(azure.started)) == ([first, first], 1)

        azure.pass_time(NEAR_ITS_END_S)
        with azure.silence() as silence:
            assert polished(dictate(daemon))
            assert bearers()[2:] == [first]
            eventually(silence.begun.is_set, "az asks for another token meanwhile")
            assert len(azure.started) == 2
        eventually(lambda: attempts(daemon) == 2, "the token is renewed")
        assert polished(dictate(daemon))
        assert (bearers()[3:], len(azure.started)) == ([issued[-1]], 2)
        assert issued[-1] != first

        azure.log_out()
        azure.pass_time(2 * NEAR_ITS_END_S)
        assert polished(dictate_when_az_has_ended(daemon))  # the token that it has still lives
        azure.pass_time(2 * AFTER_IT_S)
        assert why_instant(dictate_when_az_has_ended(daemon)) == ("az_not_logged_in", "run `az login`")
        assert state_of(daemon) == ("no_token", "az is not logged in: run `az login`")

        azure.log_in()
        assert polished(dictate_when_az_has_ended(daemon))
        assert bearers()[-1] == issued[-1]
        assert len(bearers()) == 6
        assert state_of(daemon) == ("healthy", "")


def test_ten_needs_at_once_start_az_once_and_its_own_advice_is_shown(azure: Azure) -> None:
    azure.install()
    azure.log_in()
    with daemon_at(azure, "instant") as daemon:
        assert azure.started == []
        with ExitStack() as stack:
            with azure.silence() as silence:
                speeches = [Speech(daemon, stack) for _ in range(10)]
                eventually(silence.begun.is_set, "az asks for a token")
            eventually(lambda: attempts(daemon) == 1, "the token is there")
            said = scale(2, 10)
            assert all(polished(speech.finish()) for speech in speeches[:said])
            for speech in speeches[said:]:
                speech.give_up()
        assert (azure.bearers(), len(azure.started)) == ([azure.authority.issued[-1]] * said, 1)

        azure.authority.failures["refresh_token"] = refusal(700082, "The refresh token has expired due to inactivity.")
        azure.pass_time(AFTER_IT_S)
        reason, hint = why_instant(dictate_when_az_has_ended(daemon))
        assert reason == "token_failed"
        assert hint.startswith("run `az login --tenant")

        azure.authority.failures.clear()
        azure.forget_refusals()
        assert polished(dictate_when_az_has_ended(daemon))


def test_no_dictation_waits_for_an_az_that_is_slow_or_hangs(azure: Azure, tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    azure.install(f'until [ -e "{go_on}" ]; do sleep 0.1; done; {azure.real_az}')
    azure.log_in()
    with daemon_at(azure, "instant") as daemon:
        assert why_instant(dictate(daemon))[0] == "token_failed"
        assert attempts(daemon) == 0
        eventually(lambda: azure.started, "az was started")
        assert runs(azure.started)
        go_on.touch()
        eventually(lambda: attempts(daemon) == 1, "the slow az gave its token")
        assert polished(dictate(daemon))

        azure.install("trap '' TERM; sleep 1000 & wait")
        azure.answer[:] = [whole(b'{"statusCode": 401, "message": "Unauthorized."}', 401)]
        for _ in range(2):  # the token is not accepted, and later there is none
            assert why_instant(dictate(daemon))[0] == "token_failed"
            assert len(azure.started) == 2
            assert runs(azure.started)
        assert attempts(daemon) == 1
        assert len(azure.bearers()) == 2
    assert not runs(azure.started)


def test_an_az_that_gives_no_token_is_told_of_and_costs_no_text(azure: Azure) -> None:
    need_no_az_in(PLACES)
    with daemon_at(azure, "instant") as daemon:
        reason, hint = why_instant(dictate_when_az_has_ended(daemon))
        assert reason == "az_missing"
        assert "az login" in hint
        scripts = NO_TOKEN[: scale(2, len(NO_TOKEN))]
        for number, (script, expected) in enumerate(scripts, 1):
            azure.install(script)
            azure.pass_time(60 * number)
            assert why_instant(dictate_when_az_has_ended(daemon))[0] == expected, script
        assert len(azure.started) == len(scripts)
        azure.install()
        azure.log_in()
        azure.pass_time(60 * (len(scripts) + 1))
        assert polished(dictate_when_az_has_ended(daemon))


def runs(pids: list[int]) -> bool:
    """The last of them does."""
    return bool(psutil.pid_exists(pids[-1]))


def need_no_az_in(places: Sequence[str]) -> None:
    """Where the daemon looks, whatever its PATH is."""
    if shutil.which("az", path=os.pathsep.join(places)):
        pytest.skip("az is installed where it is always found")
