"""Verbs of the treasury."""
