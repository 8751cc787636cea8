"""Gateways (对外接口): everything outside the house: the database server, banks, messages, other departments."""
