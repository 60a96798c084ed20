"""Insertion: the ways to put a text into the focused window, each with a receipt."""
