"""API (接口): the machine's door, with bearer tokens scoped by role and prefix.

Not furnished yet.
"""
