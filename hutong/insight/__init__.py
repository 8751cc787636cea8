"""Insight (数据): indicators, returns, the bulletin and publications: reads every room, is written by none.

Not furnished yet.
"""
