"""X11: selections of our own, the paste chord by XTest, reads told by the client that asks."""
