"""Nouns of the treasury."""

from hutong.treasury.models.batch import Attempt, BankReturn, Batch, Beneficiary, Due
from hutong.treasury.models.book import Allocation, Book, Entry, Fund, Posting
from hutong.treasury.models.payee import ClosedReason, Payee, PayeeKind

__all__ = [
    "Allocation",
    "Attempt",
    "BankReturn",
    "Batch",
    "Beneficiary",
    "Book",
    "ClosedReason",
    "Due",
    "Entry",
    "Fund",
    "Payee",
    "PayeeKind",
    "Posting",
]
