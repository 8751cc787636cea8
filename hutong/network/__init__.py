"""Network (机构网络): organisations of every kind, their posts, agreements, exchanges and training.

Not furnished yet.
"""
