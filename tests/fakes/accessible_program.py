"""A program with one text field, as AT-SPI shows it, made up for a test: one that hangs, hides or lies on demand."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.bus_service import SILENT, Body, Call, FakeService

ROOT = "/org/a11y/atspi/accessible/root"
FIELD = "/org/a11y/atspi/accessible/7"
_ACCESSIBLE, _TEXT = "org.a11y.atspi.Accessible", "org.a11y.atspi.Text"


class FakeAccessibleProgram(FakeService):
    """The program. ``text``, ``caret``, ``role`` and ``focused`` are its field's; ``hangs``: it answers nothing."""

    def __init__(self, text: str, *, role: int = 61, hangs: bool = False) -> None:
        super().__init__()
        self.text = text
        self.role = role
        self.focused = True
        self.hangs = hangs
        self._offer(_ACCESSIBLE, "GetRole", "u", lambda call: (self.role,))
        self._offer(_ACCESSIBLE, "GetState", "au", lambda call: ([1 << 12 if self.focused else 0, 0],))
        self._offer(_TEXT, "GetText", "s", self._get_text)
        self._offer("org.a11y.atspi.EditableText", "DeleteText", "b", self._delete)
        self._place_caret(len(text))

    async def take_focus(self) -> None:
        """The field gets the focus, and says so."""
        await self.emit(FIELD, "org.a11y.atspi.Event.Object", "StateChanged", "siiva{sv}", self._focus_event(1))

    async def lose_focus(self) -> None:
        """The field loses the focus, and says so."""
        self.focused = False
        await self.emit(FIELD, "org.a11y.atspi.Event.Object", "StateChanged", "siiva{sv}", self._focus_event(0))

    def _offer(self, interface: str, member: str, signature: str, answer: Callable[[Call], Body]) -> None:
        self.method(interface, member, signature, lambda call: SILENT if self.hangs else answer(call))

    def _focus_event(self, detail: int) -> Body:
        return ("focused", detail, 0, ("i", 0), {})

    def _place_caret(self, offset: int) -> None:
        self.property(_TEXT, "CaretOffset", "i", offset)

    def _get_text(self, call: Call) -> Body:
        start, end = call.body
        return (self.text[start:end],)

    def _delete(self, call: Call) -> Body:
        start, end = call.body
        self.text = self.text[:start] + self.text[end:]
        self._place_caret(start)
        return (True,)


class FakeRegistry(FakeService):
    """The registry of the accessibility bus, and its launcher's address: it lists the programs it is given."""

    def __init__(self, address: str) -> None:
        super().__init__("org.a11y.atspi.Registry")
        self.listed: list[tuple[str, str]] = []
        self.method("org.a11y.atspi.Registry", "RegisterEvent", "", lambda call: ())
        self.method(_ACCESSIBLE, "GetChildren", "a(so)", lambda call: (self.listed,))
        self.launcher = FakeService("org.a11y.Bus")
        self.launcher.method("org.a11y.Bus", "GetAddress", "s", lambda call: (address,))
