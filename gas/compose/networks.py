"""Ports and addresses for a stack of its own, beside whatever else runs on this machine."""

import json
import random
import socket
from ipaddress import IPv4Network, ip_network

from gas.compose.docker import docker
from gas.compose.errors import ComposeError

HOST = "127.0.0.1"

_OURS = IPv4Network("172.30.0.0/16")
"""Private (RFC 1918), and beyond what Docker itself gives to networks first."""


def free_ports(count: int) -> tuple[int, ...]:
    """So many different ports that nobody listens on. Raises ComposeError where there are none."""
    found: list[int] = []
    # Below the range that the system hands out for outgoing connections (32768 on Linux).
    for port in random.sample(range(20_000, 32_000), k=100):
        if len(found) == count:
            break
        if _is_free(port):
            found.append(port)
    else:
        raise ComposeError(f"no {count} free ports were found")
    return tuple(found)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


async def free_subnet() -> IPv4Network:
    """A /24 that overlaps no network of the engine. Raises ComposeError where none is left."""
    ids = (await docker("network", "ls", "--quiet")).split()
    networks = json.loads(await docker("network", "inspect", *ids))
    taken = [
        ip_network(config["Subnet"])
        for network in networks
        for config in network["IPAM"]["Config"] or []
    ]
    for subnet in _OURS.subnets(new_prefix=24):
        if not any(subnet.overlaps(other) for other in taken if other.version == subnet.version):
            return subnet
    raise ComposeError(f"no network is left in {_OURS}: remove some with `docker network prune`")
