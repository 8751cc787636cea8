"""Marking (标注): the user's own file back, with what is wrong where it is wrong."""
