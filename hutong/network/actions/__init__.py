"""Verbs of the network."""
