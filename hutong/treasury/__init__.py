"""Treasury (资金): the only room where money moves: payees, funds, books, batches, bank files and bank returns.

Payees stand; the rest is not furnished yet. Whose child a payment is for stands above, in registry and allowances.
"""
