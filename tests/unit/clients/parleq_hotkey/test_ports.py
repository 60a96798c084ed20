from __future__ import annotations

from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason


def test_a_problem_of_the_desktop_says_what_and_what_helps() -> None:
    problem = DesktopError(Reason.KEY_TAKEN, "F9 is taken", "free it")
    assert (str(problem), problem.reason, problem.hint) == ("F9 is taken", "key_taken", "free it")
