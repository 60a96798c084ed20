"""The overlay: a window that shows a dictation and never takes the focus; a process of its own."""
