"""Developer tools: run from a checkout, no part of the installed product."""
