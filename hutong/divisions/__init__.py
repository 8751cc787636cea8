"""Divisions (行政区划): dated 12-digit divisions and their successors. History is never re-keyed."""
