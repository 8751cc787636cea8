"""The tests of the house, storey by storey."""
