"""Hutong (护童): one province's children in need, from the village notebook to the published figure."""

__version__ = "0.1.0"
