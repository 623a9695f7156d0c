"""Does a program of ours listen yet?"""

import socket

_PATIENCE = 0.5  # seconds


def listens(port: int) -> bool:
    """Does somebody listen on this port of our own machine?"""
    with socket.socket() as one:
        one.settimeout(_PATIENCE)
        return one.connect_ex(("127.0.0.1", port)) == 0
