"""Linkage (记录匹配): whether two records are of one child, by weighed agreement of their fields. No table is read."""
