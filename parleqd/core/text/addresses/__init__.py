"""Addresses and names that were spelled out: e-mail, web, files, identifiers, command lines."""
