"""The hotkey client: watches one key, dictates while it is held, and puts the text into the focused window."""
