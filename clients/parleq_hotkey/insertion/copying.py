"""Leaves texts on the clipboard, for the user to paste: the method "clipboard". No key is pressed."""

from __future__ import annotations

from parleq_hotkey.insertion.fitting import fit
from parleq_hotkey.ports import Clipboard, DesktopError, Receipt, Window, Windows
from parleqd.protocol.names import ReceiptStatus

NAME = "clipboard"
COPIES = "leaves texts on the clipboard for you to paste; only where insertion.method says so"
_THERE = "it is on the clipboard: paste it where it belongs"


class Copying:
    """An `Inserter` whose every receipt is ``failed``: in the window, nothing has arrived. The text waits as well."""

    name = NAME

    def __init__(self, windows: Windows, clipboard: Clipboard) -> None:
        self._windows = windows
        self._clipboard = clipboard

    async def focused(self) -> Window | None:
        """The window that has the focus."""
        return await self._windows.focused()

    async def insert(self, text: str, window: Window | None) -> Receipt:
        """Puts the text onto the clipboard, whichever window it is for: to be pasted in any. Never raises."""
        fitted = fit(text, Window(""))
        if not fitted:
            return Receipt(ReceiptStatus.FAILED, "the text is empty")
        try:
            await self._clipboard.copy(fitted)
        except DesktopError as problem:
            return Receipt(ReceiptStatus.FAILED, problem.message)
        except Exception as problem:  # noqa: BLE001 - the port promises a receipt, whatever happens
            return Receipt(ReceiptStatus.FAILED, f"the desktop failed: {type(problem).__name__}")
        return Receipt(ReceiptStatus.FAILED, _THERE)
