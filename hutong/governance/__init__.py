"""Governance (制度): instruments, targets, programmes, quality checks, honours and capital projects.

Not furnished yet.
"""
