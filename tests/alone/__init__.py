"""Tests that seal the trail, run by themselves, one after another.

The sealer seals only what lies behind the oldest open transaction of the whole server (`pg_snapshot_xmin`): a test that
runs beside them, in whatever database, holds it back.
"""
