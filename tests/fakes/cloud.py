"""What cleanup reaches out to, as far as a test wants it to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from parleqd.core.errors import OutsideError
from parleqd.core.ports import AzureDirectory, Chat, Secrets, TokenSource
from parleqd.core.settings import Target
from parleqd.engine.targets import Cloud
from parleqd.protocol.names import Reason
from tests.fakes.chat import FakeChat
from tests.fakes.directory import FakeDirectory
from tests.fakes.secrets import MemorySecrets
from tests.fakes.token_source import ScriptedTokens


def no_cloud() -> Cloud:
    """Nobody answers, nothing is stored, nobody signs in."""
    return cloud(FakeChat())


def cloud(
    chat: Chat,
    secrets: Secrets | None = None,
    sign_in: Callable[[Target, Secrets], TokenSource] | None = None,
    environment: Mapping[str, str] | None = None,
    directory: AzureDirectory | None = None,
    clock: Callable[[], float] = time.time,
) -> Cloud:
    """This chat; whatever else is not named is empty."""
    directory = FakeDirectory() if directory is None else directory
    return Cloud(chat, secrets or MemorySecrets(), sign_in or _nobody, environment or {}, directory, clock)


def _nobody(target: Target, secrets: Secrets) -> TokenSource:
    return ScriptedTokens([OutsideError(Reason.AZ_MISSING, f"nobody signs in for {target.name} here")])
