"""What a report for the project's developers may show: never a text, a key, or a name that somebody chose."""
