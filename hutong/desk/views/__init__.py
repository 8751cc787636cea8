"""Views of the desk, one module a noun: url → view → query, or url → view → form → action."""
