"""Allowances (补贴): standards, applications, recognition, entitlements, monthly runs, holds and overpayments.

Applications and decisions stand; the rest is not furnished yet.
"""
