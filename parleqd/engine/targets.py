"""The cleanup targets that the settings name, made ready, and made anew whenever the settings change."""

from __future__ import annotations

import secrets as randomness
import time
from collections.abc import Callable, Mapping, Sequence

import anyio
import msgspec

from parleqd.core.errors import ConfigError
from parleqd.core.polish.failures import untrusted_failure
from parleqd.core.polish.request import RequestSpec, needs_secret
from parleqd.core.polish.resource import default_scope, endpoint_of, may_hold_secret, scope_of
from parleqd.core.polish.routing import TargetHealth
from parleqd.core.ports import AzureDirectory, Chat, Log, PolicyWithholds, Secrets, TokenSource
from parleqd.core.session.outcome import Problem
from parleqd.core.settings import Auth, Cleanup, Price, Provider, Strategy, Target
from parleqd.engine.asking import Bill, Credential, Line, Reports
from parleqd.engine.bus import Bus
from parleqd.engine.keys import Keys
from parleqd.engine.polishing import Polisher
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
    """What reaches out: ``sign_in`` gives the way in which a target's tokens are minted from what is kept.

    ``clock``: seconds since the epoch, by which targets rest.
    """

    def __init__(
        self,
        chat: Chat,
        secrets: Secrets,
        sign_in: Callable[[Target, Secrets], TokenSource],
        environment: Mapping[str, str],
        directory: AzureDirectory,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.chat = chat
        self.secrets = secrets
        self.sign_in = sign_in
        self.environment = environment
        self.directory = directory
        self.clock = clock


def credential_of(spec: RequestSpec, cloud: Cloud, log: Log, secrets: Secrets | None = None) -> Credential:
    """How this target gets its key or token. ``secrets``: instead of the cloud's own."""
    target, secrets = spec.target, cloud.secrets if secrets is None else secrets
    if target.auth is Auth.API_KEY:
        return Keys(secrets, entry_of(target), variables_of(target), cloud.environment, log)
    scope = scope_of(target.scope) if target.scope else default_scope(spec.endpoint)
    return Tokens(cloud.sign_in(target, secrets), scope, log, cloud.clock)


class Targets:
    """Owns the polisher in effect."""

    def __init__(self, cloud: Cloud, bus: Bus, log: Log) -> None:
        self.polisher: Polisher | None = None
        self.absence = _NO_TARGET
        """Why there is no polisher, while there is none."""
        self._cloud = cloud
        self._bus = bus
        self._log = log
        self.bill: Bill = lambda *_: None
        """Who is told what answers cost; settled before there are settings."""
        self._settings: Cleanup | None = None
        self._withheld: tuple[PolicyWithholds, ...] = ()
        self._lines: list[Line] = []
        self._changed = anyio.Event()

    def use(self, settings: Cleanup, withheld: Sequence[PolicyWithholds] = ()) -> None:
        """These settings are in effect from now on. A text that is being cleaned ends with the ones before.

        ``withheld``: targets that they would have, if a policy allowed them.

        What is known of a target whose own settings are the same stays: its token, and what its model refuses.
        """
        if (settings, tuple(withheld)) == (self._settings, self._withheld):
            return
        self._settings, self._withheld = settings, tuple(withheld)
        self._cloud.chat.trust(settings.ca_file)
        named = settings.targets[:1] if settings.strategy is Strategy.SINGLE else settings.targets
        self._lines, problem = self._lines_of(named)
        self.absence = problem or (_withholding(withheld[0]) if withheld else _NO_TARGET)
        self._begin(settings)

    @property
    def prices(self) -> Mapping[str, Price]:
        """The user's price table."""
        return {} if self._settings is None else self._settings.prices

    @property
    def presets(self) -> Mapping[str, str]:
        """The user's own presets."""
        return {} if self._settings is None else self._settings.presets

    def changed_secret(self, name: str) -> None:
        """Another key is kept for this target, or none: nothing that came of the old one counts any more.

        What is at hand for the other targets stays. A text that is being cleaned ends with what it began with.
        """
        if self._settings is None:
            return
        self._lines = [
            msgspec.structs.replace(line, credential=credential_of(line.spec, self._cloud, self._log))
            if line.spec.target.name == name
            else line
            for line in self._lines
        ]
        self._begin(self._settings)

    def _begin(self, settings: Cleanup) -> None:
        before, self.polisher = self.polisher, None
        if self._lines:
            self.polisher = Polisher(
                self._lines,
                settings.strategy,
                self._cloud.chat,
                self._log,
                budget_s=settings.budget_s,
                reports=Reports(lambda advice: self._bus.notice(Reason.WRONG_FAMILY, advice), self.bill),
                clock=self._cloud.clock,
                roll=randomness.randbelow(1 << 32) / (1 << 32),
            )
            if before is not None:
                self.polisher.take_over(before)
        self._changed.set()
        self._changed = anyio.Event()

    def status(self) -> list[TargetStatus]:
        """Every target that the settings name, and how it is."""
        named = () if self._settings is None else self._settings.targets
        known = {} if self.polisher is None else {one.name: one for one in self.polisher.health()}
        lines = {line.name: line for line in self._lines}
        used = [_status(each.name, known.get(each.name), lines.get(each.name)) for each in named]
        return used + [TargetStatus(name=one.name, state="withheld", detail=one.message) for one in self._withheld]

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
        known = {line.name: line for line in self._lines}
        lines, problem = [], None
        for target in targets:
            if target.name in known and known[target.name].spec.target == target:
                lines.append(known[target.name])
                continue
            try:
                endpoint = endpoint_of(target.resource, target.provider)
                spec = RequestSpec(target, endpoint, predict=target.predict)
                _ = spec.url
                line = Line(spec, credential_of(spec, self._cloud, self._log))
            except ConfigError as error:
                problem = Problem(error.reason, f"target {target.name}: {error.message}", error.hint, target.name)
                self._log("target_unusable", target=target.name, reason=error.reason)
                continue
            lines.append(line)
        return lines, problem


def _withholding(target: PolicyWithholds) -> Problem:
    return Problem(Reason.MANAGED, target.message, "the text was cleaned on this device", target.name)


def _status(name: str, health: TargetHealth | None, line: Line | None) -> TargetStatus:
    if health is None or line is None:
        return TargetStatus(name=name, state="unused", detail="its address cannot be understood, or another goes first")
    if not may_hold_secret(line.spec.endpoint, line.spec.target.trusted_hosts):
        return TargetStatus(name=name, state="unused", detail=untrusted_failure(line.spec).message)
    detail = "" if health.last is None else health.last.message
    credential = line.credential
    if not detail and credential.problem is not None and needs_secret(line.spec):
        detail = f"{credential.problem.message}: {credential.problem.hint}"
        if credential.secret is None:
            return TargetStatus(
                name=name, state="no_key" if isinstance(credential, Keys) else "no_token", detail=detail
            )
    return TargetStatus(name=name, state=health.health, detail=detail)
