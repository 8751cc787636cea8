"""Verbs of outreach."""
