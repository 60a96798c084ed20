"""``make bench``: each budget of ARCHITECTURE.md beside its figure on this machine, one file a budget."""
