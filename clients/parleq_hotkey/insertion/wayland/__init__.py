"""Wayland compositors of the wlroots family: data control, virtual keyboard, input method."""
