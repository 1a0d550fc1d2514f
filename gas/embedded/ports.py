"""The ports of a stack: four in a row on the loopback interface."""

import random
import socket
from dataclasses import dataclass

from gas.embedded.errors import StackError

HOST = "127.0.0.1"

_ROLES = ("api", "AWS emulator", "PostgreSQL", "OpenID Connect issuer")


@dataclass(frozen=True)
class Ports:
    """Ports by role."""

    api: int
    emulator: int
    postgres: int
    issuer: int

    @classmethod
    def beginning_at(cls, first: int) -> "Ports":
        return cls(*range(first, first + len(_ROLES)))


def claim_ports(first: int) -> Ports:
    """The ports from ``first`` on; four free ones at random when it is 0.

    Raises StackError naming the port that is in use.
    """
    if first == 0:
        return Ports.beginning_at(_random_free_first())
    if problem := _problem_with(first):
        raise StackError(problem)
    return Ports.beginning_at(first)


def _problem_with(first: int) -> str | None:
    for role, port in zip(_ROLES, range(first, first + len(_ROLES)), strict=True):
        if not _is_free(port):
            return (
                f"port {port}, meant for the {role}, is in use: "
                f"choose other ports with --ports-from (this was --ports-from {first})"
            )
    return None


def _random_free_first() -> int:
    # Below the range that the system hands out for outgoing connections (32768 on Linux).
    for first in random.sample(range(20_000, 32_000, len(_ROLES)), k=100):
        if _problem_with(first) is None:
            return first
    raise StackError("no four free ports in a row were found")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that connections in TIME_WAIT do not count as use.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
