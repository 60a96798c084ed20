"""Questions: asked on stderr, answered on standard input, each with the option that answers it for scripts."""

from __future__ import annotations

from parleqctl.display import one_line
from parleqctl.parser import UsageError
from parleqctl.text_input import line_of

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence

    from parleqctl.console import Console

_YES, _NO = frozenset(("y", "yes")), frozenset(("n", "no"))


class Questions:
    """``defaults``: nothing is asked, every question takes its default. One without raises UsageError then, as one
    does at the end of standard input: the message names the option that answers it.
    """

    def __init__(self, console: Console, *, defaults: bool) -> None:
        self._console = console
        self._defaults = defaults

    @property
    def can_ask(self) -> bool:
        """Whether anybody may be asked again after an answer that will not do."""
        return not self._defaults

    def text(self, question: str, option: str, default: str = "") -> str:
        """A line that is not empty."""
        shown = f" [{one_line(default)}]" if default else ""
        while True:
            if self._takes_default(question, option, has_one=bool(default)):
                return default
            answer = self._line(f"{question}{shown}: ", question, option).strip() or default
            if answer:
                return answer
            self._console.note("an answer is needed; Ctrl-C gives up")

    def choose(
        self,
        question: str,
        option: str,
        choices: Sequence[tuple[str, str]],
        default: str | None = None,
        *,
        certain: bool = False,
    ) -> str:
        """The value of one of ``choices``, which are pairs of value and label; by its number or value.

        ``certain``: the default may be taken unseen. The only choice always may, and the first is the default
        where none is named.
        """
        values = [value for value, _ in choices]
        chosen = default if default in values else values[0]
        if self._takes_default(question, option, has_one=certain or len(values) == 1):
            return chosen
        self._console.note(question)
        for number, (_, label) in enumerate(choices, 1):
            self._console.note(f"  {number}) {one_line(label)}")
        while True:
            answer = self._line(f"Choice [{values.index(chosen) + 1}]: ", question, option).strip()
            if not answer or answer in values:
                return answer or chosen
            if answer.isdecimal() and 1 <= int(answer) <= len(values):
                return values[int(answer) - 1]
            self._console.note(f"type a number from 1 to {len(values)}; Ctrl-C gives up")

    def yes(self, question: str, option: str, *, default: bool) -> bool:
        """Yes or no."""
        if self._takes_default(question, option, has_one=True):
            return default
        while True:
            answer = self._line(f"{question} [{'Y/n' if default else 'y/N'}] ", question, option).strip().lower()
            if not answer:
                return default
            if answer in _YES | _NO:
                return answer in _YES
            self._console.note("type y or n; Ctrl-C gives up")

    def secret(self, question: str, option: str) -> str:
        """A line that is not shown, "" for none; the default is none."""
        if self._takes_default(question, option, has_one=True):
            return ""
        if not self._at_terminal:
            answer = self._line(f"{question}: ", question, option, shown=False)
            return answer.strip()
        from getpass import getpass

        try:
            return getpass(f"{question}: ").strip()
        except EOFError:
            raise _unanswered(question, option) from None

    @property
    def _at_terminal(self) -> bool:
        return self._console.stdin is not None and self._console.stdin.isatty()

    def _takes_default(self, question: str, option: str, *, has_one: bool) -> bool:
        if self._defaults and not has_one:
            raise UsageError(f"--yes cannot answer {question!r}; {option} does", "")
        return self._defaults

    def _line(self, prompt: str, question: str, option: str, *, shown: bool = True) -> str:
        self._console.prompt(prompt)
        answer = line_of(self._console)
        if not self._at_terminal:  # which would have shown what was typed
            self._console.note(one_line(answer or "") if shown else "")
        if answer is None:
            raise _unanswered(question, option)
        return answer


def _unanswered(question: str, option: str) -> UsageError:
    return UsageError(f"standard input ended at {question!r}, which {option} answers", "")
