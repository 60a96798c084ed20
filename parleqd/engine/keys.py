"""One target's key, or pasted token: read in the background whenever a dictation begins, so that an edit counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import anyio

from parleqd.core.errors import OutsideError
from parleqd.core.ports import Log, Secrets
from parleqd.core.session.outcome import Problem
from parleqd.protocol.names import Reason

_NOT_YET = Problem(
    Reason.KEY_MISSING,
    "the keyring has not been read yet: it may be waiting for somebody to unlock it",
    "the next dictation may have the key; `parleqctl secret list` shows how it went",
)


class Keys:
    """Looks for a key in the keyring under ``name``, else in the first of ``variables`` that is set.

    A keyring that is absent or locked does not block the environment.
    """

    def __init__(
        self, secrets: Secrets, name: str, variables: Sequence[str], environment: Mapping[str, str], log: Log
    ) -> None:
        self._secrets = secrets
        self._name = name
        self._variables = variables
        self._environment = environment
        self._log = log
        self._key = self._from_environment()
        self._read_once = False
        self.problem: Problem | None = None
        """Why the keyring could not be read, while that leaves no key; or that there is none."""
        self._woken = anyio.Event()
        self._looked = anyio.Event()

    @property
    def secret(self) -> str | None:
        """The key as last read, or none. The environment's, while the keyring has not been read for the first time."""
        return self._key

    @property
    def absence(self) -> Problem:
        """Why there is no key."""
        return self.problem or _NOT_YET

    async def settle(self, *, patient: bool) -> None:
        """Wait until the keyring has been read for the first time."""
        while not self._read_once:
            await self._looked.wait()

    def want(self) -> None:
        """A dictation begins that may need it: read it again."""
        self._woken.set()
        self._woken = anyio.Event()

    async def replace(self, refused: str, scope: str = "") -> str | None:
        """The service did not accept it: look once whether there is another by now."""
        looked = self._looked
        self.want()
        await looked.wait()
        return self._key if self._key != refused else None

    async def run(self) -> None:
        """Read it at once, and whenever it is wanted, until cancelled."""
        while True:
            woken = self._woken
            await self._read()
            self._looked.set()
            self._looked = anyio.Event()
            await woken.wait()

    async def _read(self) -> None:
        found, problem = None, None
        try:
            found = await self._secrets.get(self._name)
        except OutsideError as error:
            problem = Problem(error.reason, error.message, self._with_environment(error.hint))
            self._log("key_unread", reason=error.reason)
        self._key = found or self._from_environment()
        self.problem = None if self._key is not None else problem or self._missing()
        self._read_once = True

    def _from_environment(self) -> str | None:
        values = (self._environment.get(variable, "").strip() for variable in self._variables)
        return next(filter(None, values), None)

    def _missing(self) -> Problem:
        target = self._name.removeprefix("target/")
        places = " or ".join(["the keyring", *self._variables])
        hint = f"store it with `parleqctl secret set {target}`"
        return Problem(Reason.KEY_MISSING, f"there is no key for target {target} in {places}", hint)

    def _with_environment(self, hint: str) -> str:
        """What helps with a keyring, and that one can do without."""
        return f"{hint}; or set {self._variables[0]} in parleqd's environment" if self._variables else hint
