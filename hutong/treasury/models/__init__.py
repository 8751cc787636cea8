"""Nouns of the treasury."""

from hutong.treasury.models.payee import ClosedReason, Payee, PayeeKind

__all__ = ["ClosedReason", "Payee", "PayeeKind"]
