"""The cleanup targets that the settings name, made ready, and made anew whenever the settings change."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Callable, Mapping, Sequence

import anyio
import msgspec

from parleqd.core.errors import ConfigError
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import default_scope, endpoint_of, scope_of
from parleqd.core.polish.routing import TargetHealth
from parleqd.core.ports import Chat, Log, Secrets, TokenSource
from parleqd.core.session.outcome import Problem
from parleqd.core.settings import Auth, Cleanup, Provider, Target
from parleqd.engine.bus import Bus
from parleqd.engine.keys import Keys
from parleqd.engine.polishing import Credential, Line, Polisher
from parleqd.engine.tokens import Tokens
from parleqd.protocol.messages import TargetStatus
from parleqd.protocol.names import Mode, Reason

_KEY_VARIABLES: dict[Provider, tuple[str, ...]] = {
    Provider.AZURE_OPENAI: ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY"),
    Provider.OPENAI: ("OPENAI_API_KEY",),
    Provider.OPENAI_COMPATIBLE: (),
}
_NO_TARGET = Problem(
    Reason.NOT_CONFIGURED,
    "no cleanup target is configured, so the text was cleaned on this device",
    "add a [[cleanup.target]] to the settings, or set cleanup.mode to instant",
)


def entry_of(target: Target) -> str:
    """The name under which the keyring keeps the target's key, access token or client secret."""
    return f"target/{target.name}"


def variables_of(target: Target) -> tuple[str, ...]:
    """The environment variables that may hold it instead; the first that is set counts."""
    if target.auth is Auth.CLIENT_SECRET:
        return ("AZURE_CLIENT_SECRET",)
    return _KEY_VARIABLES[target.provider] if target.auth is Auth.API_KEY else ()


class Cloud:
    """What reaches out: ``sign_in`` gives the way in which a target's tokens are minted."""

    def __init__(
        self,
        chat: Chat,
        secrets: Secrets,
        sign_in: Callable[[Target], TokenSource],
        environment: Mapping[str, str],
    ) -> None:
        self.chat = chat
        self.secrets = secrets
        self.sign_in = sign_in
        self.environment = environment


class Targets:
    """Owns the polisher in effect."""

    def __init__(self, cloud: Cloud, bus: Bus, log: Log) -> None:
        self.polisher: Polisher | None = None
        self.absence = _NO_TARGET
        """Why there is no polisher, while there is none."""
        self._cloud = cloud
        self._bus = bus
        self._log = log
        self._settings: Cleanup | None = None
        self._lines: list[Line] = []
        self._changed = anyio.Event()

    def use(self, settings: Cleanup) -> None:
        """These settings are in effect from now on. A dictation under way ends with the ones it began with."""
        if settings == self._settings:
            return
        self._settings = settings
        self._lines, problem = self._lines_of(settings.targets)
        self.absence = problem or _NO_TARGET
        self._begin(settings)

    def changed_secret(self, name: str) -> None:
        """Another key is kept for this target, or none: nothing that came of the old one counts any more.

        What is at hand for the other targets stays. A dictation under way ends with what it began with.
        """
        if self._settings is None:
            return
        self._lines = [
            msgspec.structs.replace(line, credential=self._credential(line.spec))
            if line.spec.target.name == name
            else line
            for line in self._lines
        ]
        self._begin(self._settings)

    def _begin(self, settings: Cleanup) -> None:
        self.polisher = None
        if self._lines:
            self.polisher = Polisher(
                self._lines,
                settings.strategy,
                self._cloud.chat,
                self._log,
                budget_s=settings.budget_s,
                advise=lambda advice: self._bus.notice(Reason.WRONG_FAMILY, advice),
                roll=randomness.randbelow(1 << 32) / (1 << 32),
            )
        self._changed.set()
        self._changed = anyio.Event()

    def status(self) -> list[TargetStatus]:
        """Every target that the settings name, and how it is."""
        named = () if self._settings is None else self._settings.targets
        known = {} if self.polisher is None else {one.name: one for one in self.polisher.health()}
        return [_status(target.name, known.get(target.name)) for target in named]

    async def run(self) -> None:
        """Keep the polisher in effect running, until cancelled."""
        while True:
            changed = self._changed
            async with anyio.create_task_group() as tasks:
                if self.polisher is not None:
                    tasks.start_soon(self.polisher.run)
                    if self._settings is not None and self._settings.mode is Mode.POLISHED:
                        self.polisher.prepare()
                await changed.wait()
                tasks.cancel_scope.cancel()

    def _lines_of(self, targets: Sequence[Target]) -> tuple[list[Line], Problem | None]:
        """A target whose address cannot be understood is left out, and said so."""
        lines, problem = [], None
        for target in targets:
            try:
                endpoint = endpoint_of(target.resource, target.provider)
                spec = RequestSpec(target, endpoint, predict=target.predict)
                _ = spec.url
                line = Line(spec, self._credential(spec))
            except ConfigError as error:
                problem = Problem(error.reason, f"target {target.name}: {error.message}", error.hint, target.name)
                self._log("target_unusable", target=target.name, reason=error.reason)
                continue
            lines.append(line)
        return lines, problem

    def _credential(self, spec: RequestSpec) -> Credential:
        target = spec.target
        if target.auth is Auth.API_KEY:
            return Keys(self._cloud.secrets, entry_of(target), variables_of(target), self._cloud.environment, self._log)
        scope = scope_of(target.scope) if target.scope else default_scope(spec.endpoint)
        return Tokens(self._cloud.sign_in(target), scope, self._log)


def _status(name: str, health: TargetHealth | None) -> TargetStatus:
    if health is None:
        return TargetStatus(name=name, state="unused", detail="its address cannot be understood, or another goes first")
    detail = "" if health.last is None else health.last.message
    return TargetStatus(name=name, state=health.health, detail=detail)
