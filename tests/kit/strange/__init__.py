"""A collection of hostile and strange workbooks, each with what must come of it."""
