"""A stack of one's own: other ports, another network, and no setting of somebody else's."""

import json
from ipaddress import IPv4Network

import pytest

from gas.compose import ComposeError, ComposeOptions, ComposeStack
from gas.compose.environment import Ports, client_environment, compose_environment
from gas.compose.networks import free_ports, free_subnet
from tests.unit.compose.conftest import FakeDocker

PORTS = Ports(https=1, http=2, s3=3, issuer=4, localstack=5)
SUBNET = IPv4Network("172.30.9.0/24")


def test_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20


async def test_a_subnet_is_not_one_that_is_in_use(fake_docker: FakeDocker) -> None:
    taken = [
        {"IPAM": {"Config": [{"Subnet": "172.17.0.0/16"}]}},
        {"IPAM": {"Config": [{"Subnet": "172.30.0.0/24"}, {"Subnet": "fd00::/64"}]}},
        {"IPAM": {"Config": [{"Subnet": "172.30.0.0/23"}]}},
        {"IPAM": {"Config": None}},  # of the host
    ]
    fake_docker(f"print('ids' if 'ls' in arguments else {json.dumps(taken)!r})")
    assert await free_subnet() == IPv4Network("172.30.2.0/24")


async def test_no_subnet_left_is_told(fake_docker: FakeDocker) -> None:
    taken = [{"IPAM": {"Config": [{"Subnet": "172.16.0.0/12"}]}}]
    fake_docker(f"print('ids' if 'ls' in arguments else {json.dumps(taken)!r})")
    with pytest.raises(ComposeError, match="docker network prune"):
        await free_subnet()


def test_settings_of_another_stack_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for foreign in ("AWS_PROFILE", "GAS_OIDC_ISSUER", "COMPOSE_FILE"):
        monkeypatch.setenv(foreign, "of another")
    monkeypatch.setenv("DOCKER_HOST", "unix:///somewhere")
    environment = compose_environment(PORTS, SUBNET, {"GAS_UNHEARD_SECONDS": "5"})
    assert "of another" not in environment.values()
    assert environment["DOCKER_HOST"] == "unix:///somewhere"
    assert environment["GAS_UNHEARD_SECONDS"] == "5"


def test_clients_find_the_stack_they_belong_to() -> None:
    environment = client_environment("http://127.0.0.1:5", PORTS, {"GAS_PAGE_SIZE": "2"})
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5"
    assert environment["GAS_S3_PUBLIC_ENDPOINT"] == "https://localhost:3"
    assert environment["GAS_PAGE_SIZE"] == "2"


async def test_a_setting_that_no_service_would_see_is_refused(fake_docker: FakeDocker) -> None:
    fake_docker("print('[]')")
    options = ComposeOptions("demo", {"GAS_LEASE_SECONDS": "8", "GAS_LAESE_SECONDS": "8"})
    with pytest.raises(ComposeError, match=r"docker-compose\.yml knows no GAS_LAESE_SECONDS$"):
        await ComposeStack(options).__aenter__()
