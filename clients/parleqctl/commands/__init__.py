"""One file per command. Each has ``add_arguments(parser)``, which names the function that runs it."""

from __future__ import annotations

COMMANDS = {
    "status": "show what the daemon and its parts are doing",
    "dictate": "turn audio files into clean text",
    "clean": "clean a text, as after a dictation",
    "events": "follow what happens",
    "last": "print the text of the last dictation",
    "recover": "redo the last dictation from its audio",
    "cancel": "give the microphone dictation up",
    "history": "earlier dictations: list, show, copy, search, clear",
    "models": "speech models: list, install, use, remove",
    "config": "settings: path, show, get, set, edit, validate",
    "metrics": "print how long each stage takes, and counts; never text",
    "bridge": "join standard input and output to the daemon's socket",
    "completion": "print a script that completes parleqctl in your shell",
}
"""Each command with its line of help, in the order of ``parleqctl --help``."""
