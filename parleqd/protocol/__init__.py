"""The wire: names, message types, the table of methods, framing and errors."""
