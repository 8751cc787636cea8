"""Desk (工作台): the staff's screens."""
