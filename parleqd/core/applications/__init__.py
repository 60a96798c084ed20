"""What is done with a text goes by where it will be written: rules of the user's, then those built in."""
