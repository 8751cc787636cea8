"""Nouns of outreach."""

from hutong.outreach.models.visit import Statement, Visit

__all__ = ["Statement", "Visit"]
