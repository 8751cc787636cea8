"""Nouns of the accounts."""

from hutong.accounts.models.access import Grant, Posting
from hutong.accounts.models.person import Person
from hutong.accounts.models.task import Task
from hutong.accounts.models.trail import TrailEntry

__all__ = ["Grant", "Person", "Posting", "Task", "TrailEntry"]
