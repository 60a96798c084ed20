"""One target's key, or pasted token: read in the background whenever a dictation begins, so that an edit counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import anyio

from parleqd.core.errors import OutsideError
from parleqd.core.ports import Log, Secrets
from parleqd.core.session.outcome import Problem
from parleqd.protocol.names import Reason


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
        self._key: str | None = None
        self._problem: Problem | None = None
        self._woken = anyio.Event()
        self._looked = anyio.Event()

    @property
    def secret(self) -> str | None:
        """The key as last read, or none."""
        return self._key

    @property
    def absence(self) -> Problem:
        """Why there is no key."""
        if self._problem is not None:
            return self._problem
        target = self._name.removeprefix("target/")
        places = " or ".join(["the keyring", *self._variables])
        hint = f"store it with `parleqctl secret set {target}`"
        return Problem(Reason.KEY_MISSING, f"there is no key for target {target} in {places}", hint)

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
            problem = Problem(error.reason, error.message, error.hint)
            self._log("key_unread", reason=error.reason)
        if found is None:
            values = (self._environment.get(variable, "") for variable in self._variables)
            found = next(filter(None, values), None)
        self._key, self._problem = found, problem if found is None else None
