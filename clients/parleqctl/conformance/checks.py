"""What a check is: a rule of the protocol in one line, and a function that tries it."""

from __future__ import annotations

from parleqctl.conformance.unmet import Inapplicable, Unmet
from parleqd.protocol.names import CheckVerdict

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from parleqctl.conformance.place import Place

    Try = Callable[[Place], None]


class Check:
    """``expects``: what a server that keeps to the rule does."""

    def __init__(self, name: str, expects: str, attempt: Try) -> None:
        self.name = name
        self.expects = expects
        self._attempt = attempt

    def report(self, place: Place) -> dict[str, str]:
        """Tries it: ``{check, verdict, message, hint}``, as ``doctor`` has them; the hint says what came instead."""
        verdict, came = CheckVerdict.OK, ""
        try:
            self._attempt(place)
        except Unmet as unmet:
            verdict, came = CheckVerdict.FAILED, str(unmet)
        except Inapplicable as reason:
            verdict, came = CheckVerdict.SKIPPED, str(reason)
        except (AttributeError, LookupError, TypeError) as error:  # a list for an object, a field that is missing …
            verdict, came = CheckVerdict.FAILED, f"what came has another shape than the protocol's: {error!r}"
        return {"check": self.name, "verdict": str(verdict), "message": self.expects, "hint": came}


class Group(list[Check]):
    """The checks of one file, in the order in which they stand there."""

    def check(self, attempt: Try) -> Try:
        """Enters a function as a check of its own name; its docstring is the rule."""
        assert attempt.__doc__
        self.append(Check(attempt.__name__, attempt.__doc__.removesuffix("."), attempt))
        return attempt
