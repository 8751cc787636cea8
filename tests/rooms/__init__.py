"""Rooms: actions and queries on real PostgreSQL, one file for each module."""
