"""Ports for the servers that tests start, which no other process of the run takes."""

import os
import socket

FIRST, EACH = 20_000, 100
"""Below what the system hands out by itself, so that no connection takes a port before its server does."""


def free_port() -> int:
    """A port of this process that nobody listens on now."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in range(FIRST + worker * EACH, FIRST + (worker + 1) * EACH):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("every port of this process is taken")
