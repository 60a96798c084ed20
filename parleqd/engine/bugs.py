"""What may be told of an error that nobody foresaw: type and place, never its text, which may hold dictated words."""

from __future__ import annotations

import traceback
from typing import NamedTuple


class Bug(NamedTuple):
    """``error`` is the type's name, ``where`` the file and line that raised it."""

    error: str
    where: str


def bug_in(error: BaseException) -> Bug:
    """The bug behind an error; of a group the first one."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    place = traceback.extract_tb(error.__traceback__)[-1:]
    return Bug(type(error).__name__, "".join(f"{frame.filename}:{frame.lineno}" for frame in place))
