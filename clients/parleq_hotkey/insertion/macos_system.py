"""What insertion needs of macOS, call by call, through pyobjc, pynput and Carbon. Untested on hardware.

Written to Apple's documentation of NSPasteboard, NSPasteboardItemDataProvider, NSWorkspace, Quartz Event Services,
AXIsProcessTrusted, Text Input Source Services and IsSecureEventInputEnabled. Nothing here decides anything, so that
`insertion.macos` can be tried without a Mac. All of it belongs to the main thread, which is the event loop's.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Item = Mapping[str, bytes]
"""One thing on the pasteboard: its data by type (a uniform type identifier)."""

PLAIN_TEXT = "public.utf8-plain-text"


@dataclass(frozen=True, slots=True)
class Application:
    """The program in front. ``bundle`` such as "com.apple.TextEdit"; "" where it has none."""

    process: int
    bundle: str = ""
    name: str = ""


class MacSystem(Protocol):
    """The calls. Flags of modifier keys are Quartz's (`SHIFT`, …)."""

    def change_count(self) -> int:
        """A number that grows whenever somebody takes the pasteboard."""

    def items(self) -> list[Item]:
        """All that is on the pasteboard, in all its types; what is only promised is fetched."""

    def put(self, items: Sequence[Item]) -> int:
        """Replaces what is on the pasteboard, and gives the change count of it."""

    def promise(self, text: str, marks: Sequence[str], on_read: Callable[[], None]) -> int:
        """Puts a text that is handed over when a program reads it, for the first time, which is told.

        ``marks``: types without data, for other programs to see. Gives the change count. Reads are served in `turn`.
        """

    def turn(self) -> None:
        """Lets the run loop do what waits for it: reads of what is promised, news of the program in front."""

    def front(self) -> Application | None:
        """The program that keys go to, as of the last `turn`."""

    def may_post(self) -> bool:
        """Has the user allowed this program to press keys?"""

    def is_input_secure(self) -> bool:
        """Does a program, as in a field for passwords, keep others from pressing and seeing keys?"""

    def modifiers(self) -> int:
        """The flags of the modifier keys that are physically down."""

    def key_for(self, character: str, flags: int) -> int | None:
        """The key that gives this character on the current layout while those modifiers are down."""

    def post_key(self, key: int, flags: int) -> None:
        """Presses and releases a key, as if those modifiers, and no others, were down."""

    def post_text(self, text: str) -> None:
        """Sends one key event that stands for this text."""


SHIFT, CONTROL, OPTION, COMMAND = 0x20000, 0x40000, 0x80000, 0x100000
"""kCGEventFlagMask…"""

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_KEYS = 128


class PyObjC:
    """The calls for real. Raises ImportError where pyobjc and pynput are not installed."""

    def __init__(self) -> None:
        import AppKit
        import ApplicationServices
        import objc
        import Quartz

        self._appkit: Any = AppKit
        self._quartz: Any = Quartz
        self._services: Any = ApplicationServices
        self._carbon = ctypes.CDLL(_CARBON)
        self._carbon.IsSecureEventInputEnabled.restype = ctypes.c_bool
        self._board = AppKit.NSPasteboard.generalPasteboard()
        self._provider: Any = None
        self._new_provider = _provider_class(AppKit.NSObject, objc)

    def change_count(self) -> int:
        """As in `MacSystem`, as all below."""
        return int(self._board.changeCount())

    def items(self) -> list[Item]:
        """Types whose data cannot be had are left out."""
        found: list[Item] = []
        for item in self._board.pasteboardItems() or ():
            data = {str(name): item.dataForType_(name) for name in item.types()}
            found.append({name: bytes(value) for name, value in data.items() if value is not None})
        return found

    def put(self, items: Sequence[Item]) -> int:
        """An empty sequence leaves the pasteboard empty."""
        count = int(self._board.clearContents())
        self._provider = None
        made = [self._item(item) for item in items]
        if made:
            self._board.writeObjects_(made)
        return count

    def promise(self, text: str, marks: Sequence[str], on_read: Callable[[], None]) -> int:
        """The provider is kept alive here: the pasteboard does not do so."""
        count = int(self._board.clearContents())
        self._provider = self._new_provider.alloc().init()
        self._provider.promised = (text, on_read)
        item = self._item(dict.fromkeys(marks, b""))
        item.setDataProvider_forTypes_(self._provider, [PLAIN_TEXT])
        self._board.writeObjects_([item])
        return count

    def turn(self) -> None:
        """Without waiting."""
        now = self._appkit.NSDate.date()
        self._appkit.NSRunLoop.currentRunLoop().runMode_beforeDate_(self._appkit.NSDefaultRunLoopMode, now)

    def front(self) -> Application | None:
        """NSWorkspace learns of changes in the run loop."""
        found = self._appkit.NSWorkspace.sharedWorkspace().frontmostApplication()
        if found is None:
            return None
        bundle, name = found.bundleIdentifier(), found.localizedName()
        return Application(int(found.processIdentifier()), str(bundle or ""), str(name or ""))

    def may_post(self) -> bool:
        """The right belongs to the interpreter, or to the program that started it."""
        return bool(self._services.AXIsProcessTrusted())

    def is_input_secure(self) -> bool:
        """Of any program of the session."""
        return bool(self._carbon.IsSecureEventInputEnabled())

    def modifiers(self) -> int:
        """Those of the hardware, not those that were posted."""
        return int(self._quartz.CGEventSourceFlagsState(self._quartz.kCGEventSourceStateHIDSystemState))

    def key_for(self, character: str, flags: int) -> int | None:
        """A Cyrillic layout has a "v" with Command held, and Dvorak with QWERTY's Command another than without."""
        from pynput._util.darwin import keycode_context, keycode_to_string

        carbon = (1 if flags & COMMAND else 0) | (2 if flags & SHIFT else 0)  # (cmdKey, shiftKey) >> 8
        with keycode_context() as layout:
            return next((key for key in range(_KEYS) if keycode_to_string(layout, key, carbon) == character), None)

    def post_key(self, key: int, flags: int) -> None:
        """The flags are set, or the system would add those of the keys that are held."""
        for is_down in (True, False):
            event = self._quartz.CGEventCreateKeyboardEvent(None, key, is_down)
            self._quartz.CGEventSetFlags(event, flags)
            self._quartz.CGEventPost(self._quartz.kCGHIDEventTap, event)

    def post_text(self, text: str) -> None:
        """Key 0, whose own character the text replaces."""
        for is_down in (True, False):
            event = self._quartz.CGEventCreateKeyboardEvent(None, 0, is_down)
            self._quartz.CGEventSetFlags(event, 0)
            self._quartz.CGEventKeyboardSetUnicodeString(event, len(text.encode("utf-16-le")) // 2, text)
            self._quartz.CGEventPost(self._quartz.kCGHIDEventTap, event)

    def _item(self, data: Item) -> Any:
        item = self._appkit.NSPasteboardItem.alloc().init()
        for name, value in data.items():
            item.setData_forType_(self._appkit.NSData.dataWithBytes_length_(value, len(value)), name)
        return item


def _provider_class(base: Any, objc: Any) -> Any:
    """An NSPasteboardItemDataProvider, made where its base class is known; Objective-C wants each name once."""
    try:
        return objc.lookUpClass("ParleqTextProvider")
    except objc.nosuchclass_error:
        pass

    class ParleqTextProvider(base):  # type: ignore[misc]
        def pasteboard_item_provideDataForType_(self, _board: Any, item: Any, name: Any) -> None:
            text, on_read = self.promised
            item.setString_forType_(text, name)
            on_read()

    return ParleqTextProvider
