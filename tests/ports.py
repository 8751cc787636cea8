"""Ports for the servers that tests start, which no other process of the machine takes meanwhile."""

import os
import socket

FIRST, COUNT, EACH = 20_000, 12_000, 16
"""Below what the system hands out by itself, so that no connection takes a port before its server does."""


def free_port() -> int:
    """A port among this process's own on which nobody listens now."""
    own = FIRST + os.getpid() * EACH % COUNT
    for port in range(own, own + EACH):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("every port of this process is taken")
