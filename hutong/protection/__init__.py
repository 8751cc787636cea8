"""Protection (保护): concerns, cases, plans, guardianship assessment, risk and the key-care ledger, placement.

Placements and guardianship agreements stand; the rest is not furnished yet.
"""
