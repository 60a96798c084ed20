"""What was seen of a client under test, rule by rule."""

from __future__ import annotations

from parleqctl.conformance.unmet import short
from parleqd.protocol.names import CheckVerdict

RULES = {
    "initialize_first": "the first message is initialize",
    "introduction": "initialize says client {name, instance of 1 to 64 characters} and protocol 1",
    "initialized": "initialized is told once, after the answer to initialize",
    "own_ids": "every request is JSON-RPC 2.0 with an id that no waiting one has",
    "known_methods": "every method and notification is one of the protocol, its parameters an object",
    "unknown_request": "a request that the client does not know is answered with -32601",
    "tolerance": "unknown notifications and unknown fields do not disturb it",
    "insert_prepare": "insert/prepare is answered with target and context",
    "text_insert": "text/insert is answered with a receipt",
    "session_start": "session/start names a source that the server has",
    "session_result": "the text is fetched with session/result",
    "acknowledge": "session/acknowledge says what became of the text, after it was fetched",
    "reconnect": "when the server goes, the client comes back with the same instance",
    "pending": "what is pending when it comes back is fetched and acknowledged once",
}
"""Each rule's name, and what a client that keeps to it does."""


class Judge:
    """Rules are met until something breaks them; what never came up is skipped."""

    def __init__(self) -> None:
        self._met: set[str] = set()
        self._broken: dict[str, str] = {}
        self._skipped: dict[str, str] = {}

    def met(self, rule: str) -> None:
        """It came up, and was kept to."""
        self._met.add(self._known(rule))

    def broken(self, rule: str, came: object) -> None:
        """The first breach is told."""
        self._broken.setdefault(self._known(rule), short(came))

    def skipped(self, rule: str, why: str) -> None:
        """It did not come up, for this reason."""
        self._skipped[self._known(rule)] = why

    def see(self, rule: str, holds: object, came: object) -> None:
        """Met if it holds, else broken."""
        if holds:
            self.met(rule)
        else:
            self.broken(rule, came)

    def reports(self) -> list[dict[str, str]]:
        """``{check, verdict, message, hint}`` of every rule, as ``doctor`` has them."""
        return [self._report(rule, expects) for rule, expects in RULES.items()]

    def _report(self, rule: str, expects: str) -> dict[str, str]:
        verdict, came = CheckVerdict.OK, ""
        if rule in self._broken:
            verdict, came = CheckVerdict.FAILED, self._broken[rule]
        elif rule not in self._met:
            verdict, came = CheckVerdict.SKIPPED, self._skipped.get(rule, "it did not come up")
        return {"check": rule, "verdict": str(verdict), "message": expects, "hint": came}

    @staticmethod
    def _known(rule: str) -> str:
        if rule not in RULES:
            raise KeyError(rule)
        return rule
