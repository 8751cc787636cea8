"""Verbs of the divisions that need nobody's permission: loading the shipped list at migration."""
