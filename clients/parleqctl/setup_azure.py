"""A target out of what an Azure account has to offer, as the daemon lists it through ``az``."""

from __future__ import annotations

from parleq_client import RefusedError
from parleqctl.display import one_line
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

    from parleqctl.invocation import Invocation
    from parleqctl.questions import Questions

_TYPED = "*"
"""No name that Azure allows."""
_ABSENT = (Reason.AZ_MISSING,)


class Azure:
    """Asks the daemon for lists and the user for a choice."""

    def __init__(self, invocation: Invocation, questions: Questions) -> None:
        self._invocation = invocation
        self._questions = questions
        self._subscriptions: list[dict[str, Any]] | None = None
        self._trouble: RefusedError | None = None

    @property
    def state(self) -> str:
        """How it is with ``az``: "signed in", "not signed in" (or not usable for now) or "absent"."""
        if self._look():
            return "signed in"
        absent = self._trouble is not None and self._trouble.reason in _ABSENT
        return "absent" if absent else "not signed in"

    def sign_in(self) -> bool:
        """Whether ``az`` is signed in; the user may sign in, in another window, before it is looked again."""
        console = self._invocation.console
        while not self._look():
            assert self._trouble is not None
            console.warning(self._trouble.message, self._trouble.reason)
            if self._trouble.hint:
                console.note(f"  in another window: {one_line(self._trouble.hint)}")
            if not self._questions.yes("Try again?", "--auth", default=self._questions.can_ask):
                return False
            self._trouble = None
        return True

    def subscription(self, wanted: str | None) -> dict[str, Any]:
        """The one of this id or name; else the one that is chosen. Only after `sign_in`."""
        found = self._look()
        named = [one for one in found if wanted in (one["id"], one["name"])]
        if named:
            return named[0]
        if len(found) == 1:
            return found[0]
        choices = [(one["id"], f"{one['name']}{'  (current)' if one['current'] else ''}") for one in found]
        chosen = self._questions.choose("Subscription?", "--subscription", choices, certain=True)
        return next(one for one in found if one["id"] == chosen)

    def several(self) -> bool:
        """Whether there is more than one subscription to be told apart."""
        return len(self._look()) > 1

    def resource(self, subscription: str) -> dict[str, Any] | None:
        """One that is chosen; ``None``: it is to be typed."""
        found = self._list("resources", "azure/resources", subscription=subscription)
        if not found:
            return None
        choices = [(one["name"], f"{one['name']}  ({one['kind']}, {one['location']})") for one in found]
        chosen = self._choose("Resource?", "--resource", choices)
        return next((one for one in found if one["name"] == chosen), None)

    def deployment(self, subscription: str, resource: dict[str, Any], wanted: str | None) -> dict[str, Any] | None:
        """The one named ``wanted``, or one that is chosen; ``None``: it is to be typed."""
        where = {"subscription": subscription, "group": resource["group"], "resource": resource["name"]}
        found = self._list("deployments", "azure/deployments", **where)
        if wanted is not None:
            return next((one for one in found if one["name"] == wanted), None)
        usable = [one for one in found if one["usable"]]
        if left_out := ", ".join(one["name"] for one in found if not one["usable"]):
            self._invocation.console.note(f"no chat completions, or not ready yet: {one_line(left_out)}")
        if not usable:
            return None
        choices = [(one["name"], f"{one['name']}  ({one['model']} {one['version']})") for one in usable]
        chosen = self._choose("Deployment?", "--deployment", choices)
        return next((one for one in usable if one["name"] == chosen), None)

    def _choose(self, question: str, option: str, choices: list[tuple[str, str]]) -> str:
        """One more choice is to type another; not where nobody can type."""
        more = [(_TYPED, "another: type it")] if self._questions.can_ask else []
        return self._questions.choose(question, option, [*choices, *more])

    def _look(self) -> list[dict[str, Any]]:
        """The subscriptions; [] where there are none, and why in ``_trouble``."""
        if self._subscriptions is None and self._trouble is None:
            self._invocation.console.live.show("asking az…")
            try:
                answer = self._invocation.ask_patiently("azure/subscriptions")
                self._subscriptions = answer["subscriptions"]
            except RefusedError as refused:
                self._trouble = refused
            self._invocation.console.live.clear()
        return self._subscriptions or []

    def _list(self, what: str, method: str, **params: str) -> list[dict[str, Any]]:
        """[] where it cannot be listed, which is told, since it can be typed all the same."""
        console = self._invocation.console
        console.live.show(f"asking az for the {what}…")
        try:
            found: list[dict[str, Any]] = self._invocation.ask_patiently(method, **params)[what]
        except RefusedError as refused:
            console.warning(f"the {what} cannot be listed: {refused.message}", refused.reason, refused.hint)
            return []
        if not found:
            console.note(
                f"az lists no {what} there that serve models" if what == "resources" else f"there are no {what}"
            )
        return found
