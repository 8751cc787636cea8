"""Tests of the allowances."""
