"""Protection (保护): concerns, cases, plans, guardianship assessment, risk and the key-care ledger, placement.

Not furnished yet.
"""
