"""Governance (制度): cases of the law that an office keeps as its own test.

Instruments, targets, programmes, quality checks, honours and capital projects are not furnished yet.
"""
