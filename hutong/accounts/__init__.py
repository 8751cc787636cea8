"""Accounts (账户): people, postings, grants, permissions and roles, tasks, and the trail of reads and writes."""
