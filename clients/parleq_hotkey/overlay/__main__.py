"""Starts the overlay; run by its path, with ``-I -S``, by any Python from 3.10 on that has tkinter."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))  # last: nothing there may hide the standard library
    from parleq_hotkey.overlay.window import main

    main()
