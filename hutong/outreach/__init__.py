"""Outreach (走访): survey campaigns, visits and the tasks of village child directors.

Not furnished yet.
"""
