"""Repairs: what a speaker takes back gives way to what is said instead."""
