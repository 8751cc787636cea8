"""Network (机构网络): organisations of every kind, their posts, agreements, exchanges and training.

Organisations stand; the rest is not furnished yet.
"""
