"""A Mac as far as insertion sees it: a pasteboard, a program in front that pastes, and rights to be taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parleq_hotkey.insertion.macos_system import COMMAND, PLAIN_TEXT, Application, Item


class FakeMac:
    """``pasted``: what the program in front has; it pastes at Command and the key of "v", if it ``reads``."""

    def __init__(self) -> None:
        self.count = 7
        self.board: list[Item] = []
        self.marks: tuple[str, ...] = ()
        self.pasted: list[str] = []
        self.posted: list[tuple[int, int]] = []
        self.application: Application | None = Application(42, "com.apple.TextEdit", "TextEdit")
        self.trusted = True
        self.secure = False
        self.reads = True
        self.flags = 0
        self.layout = {"v": 0x09, "c": 0x08}
        self._promised: tuple[str, Callable[[], None]] | None = None
        self._waiting: list[Callable[[], None]] = []

    def change_count(self) -> int:
        return self.count

    def items(self) -> list[Item]:
        return [dict(item) for item in self.board]

    def put(self, items: Sequence[Item]) -> int:
        self.board, self.marks, self._promised = list(items), (), None
        self.count += 1
        return self.count

    def promise(self, text: str, marks: Sequence[str], on_read: Callable[[], None]) -> int:
        self.put([])
        self.marks, self._promised = tuple(marks), (text, on_read)
        return self.count

    def read(self) -> None:
        """A program asks for the pasteboard's text; it gets it in the next turn of the run loop."""
        self._waiting.append(self._serve)

    def turn(self) -> None:
        waiting, self._waiting = self._waiting, []
        for serve in waiting:
            serve()

    def front(self) -> Application | None:
        return self.application

    def may_post(self) -> bool:
        return self.trusted

    def is_input_secure(self) -> bool:
        return self.secure

    def modifiers(self) -> int:
        return self.flags

    def key_for(self, character: str, flags: int) -> int | None:
        return self.layout.get(character)

    def post_key(self, key: int, flags: int) -> None:
        self.posted.append((key, flags))
        if self.reads and flags == COMMAND and key == 0x09:
            self.read()

    def post_text(self, text: str) -> None:
        self.pasted.append(text)

    def _serve(self) -> None:
        if self._promised is None:
            self.pasted += [item[PLAIN_TEXT].decode() for item in self.board if PLAIN_TEXT in item]
            return
        text, on_read = self._promised
        self._promised = None
        self.board = [{PLAIN_TEXT: text.encode()}]
        self.pasted.append(text)
        on_read()
