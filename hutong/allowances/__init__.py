"""Allowances (补贴): standards, applications, recognition, entitlements, monthly runs, holds and overpayments.

Not furnished yet.
"""
