"""Outreach (走访): survey campaigns, visits and the tasks of village child directors.

Visits stand; the rest is not furnished yet.
"""
