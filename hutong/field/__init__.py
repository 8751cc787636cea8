"""Field (外勤): offline synchronisation for child directors' phones.

Not furnished yet.
"""
