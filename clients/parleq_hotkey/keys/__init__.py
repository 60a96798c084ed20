"""Key sources: the ways to watch one key, in order of preference."""
