"""Verbs of protection."""
