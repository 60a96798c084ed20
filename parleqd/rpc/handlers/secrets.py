"""secrets/*: the keys of cleanup targets in the system's keyring. No answer, error or log record holds one."""

from __future__ import annotations

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.settings import Auth, Provider, Target
from parleqd.core.settings.rules import closest
from parleqd.engine.targets import entry_of, variables_of
from parleqd.protocol import messages as m
from parleqd.protocol.methods import SECRETS_DELETE, SECRETS_SET, SECRETS_STATUS
from parleqd.protocol.names import Reason, SecretState
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call

_KEPT = (Auth.API_KEY, Auth.TOKEN, Auth.CLIENT_SECRET)
"""What signs in with something that can be kept."""


@handles_async(SECRETS_SET)
async def set_one(call: Call, params: m.SecretsSetParams) -> m.SecretEntry:
    target = _target(call, params.name)
    secret = checked(params.secret)
    await call.services.cloud.secrets.set(entry_of(target), secret)
    call.services.targets.changed_secret(target.name)
    return await _entry(call, target)


def checked(given: str) -> str:
    """A key as it is kept. Raises ``RefusedError`` for what can be none, without repeating it."""
    secret = given.strip()
    if not secret:
        raise RefusedError(
            Reason.BAD_REQUEST, "the key is empty", "give the key itself; `parleqctl secret delete` forgets one"
        )
    if not secret.isprintable():
        hint = "copy it again, whole and alone"
        raise RefusedError(Reason.KEY_REJECTED, "the key holds a line break or another control character", hint)
    return secret


@handles_async(SECRETS_DELETE)
async def delete(call: Call, params: m.SecretRef) -> m.SecretEntry:
    target = _target(call, params.name)
    await call.services.cloud.secrets.delete(entry_of(target))
    call.services.targets.changed_secret(target.name)
    return await _entry(call, target)


@handles_async(SECRETS_STATUS)
async def status(call: Call, params: m.SecretsStatusParams) -> m.SecretsStatusResult:
    every = call.services.configuration.settings.cleanup.targets
    targets = every if params.name is None else (_target(call, params.name),)
    return m.SecretsStatusResult(secrets=[await _entry(call, target) for target in targets])


def _target(call: Call, name: str) -> Target:
    """Raises ``RefusedError``, whose message does not repeat ``name``: a key may have been given in its place."""
    targets = {target.name: target for target in call.services.configuration.settings.cleanup.targets}
    if name in targets:
        return targets[name]
    if targets:
        meant = closest(name, targets)
        hint = f"{f'did you mean {meant}? ' if meant is not None else ''}the targets are: {', '.join(targets)}"
    else:
        hint = "no target is configured: add a [[cleanup.target]] to the settings first"
    raise RefusedError(Reason.NOT_CONFIGURED, "no cleanup target has that name", hint)


async def _entry(call: Call, target: Target) -> m.SecretEntry:
    """In the order in which the target itself looks: the keyring, then the environment."""
    name, auth = target.name, str(target.auth)
    if target.auth not in _KEPT:
        return m.SecretEntry(name, auth, SecretState.NOT_NEEDED)
    problem = None
    try:
        if await call.services.cloud.secrets.get(entry_of(target)) is not None:
            return m.SecretEntry(name, auth, SecretState.STORED)
    except OutsideError as error:
        problem = error
    for variable in variables_of(target):
        if call.services.cloud.environment.get(variable):
            return m.SecretEntry(name, auth, SecretState.ENVIRONMENT, variable)
    if problem is not None:
        return m.SecretEntry(
            name,
            auth,
            SecretState.UNKNOWN,
            reason=problem.reason,
            message=problem.message,
            hint=problem.hint,
        )
    open_to_all = target.provider is Provider.OPENAI_COMPATIBLE and target.auth is Auth.API_KEY
    return m.SecretEntry(name, auth, SecretState.NOT_NEEDED if open_to_all else SecretState.MISSING)
