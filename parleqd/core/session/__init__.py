"""The session machine: what a dictation goes through, from its first frame to the receipt for its text."""
