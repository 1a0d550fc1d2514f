"""The load balancer: who gets in by it, what they see of us, and what we believe of them."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from gas.cli.demo_user import sign_in
from gas.compose import ComposeProject
from gas.compose.docker import docker
from gas.messages import new_id
from tests.support.containers import address, ids, python
from tests.support.live import LiveStack
from tests.support.patience import until

FORGED = "203.0.113.7"  # RFC 5737: an address for examples, nobody's
API = "/api/v1/account"

ASK = """
import json, ssl, urllib.request
request = urllib.request.Request({url!r}, headers={headers!r})
nobody_checks = ssl._create_unverified_context()
try:
    status = urllib.request.urlopen(request, context=nobody_checks).status
except urllib.error.HTTPError as error:
    status = error.code
print(json.dumps(status))
"""


async def instances(client: httpx.AsyncClient, requests: int = 20) -> set[str]:
    """Who answers."""
    answers = [await client.get("/health/live") for _ in range(requests)]
    assert {answer.status_code for answer in answers} == {200}
    return {answer.headers["X-Gas-Instance"] for answer in answers}


async def test_more_than_one_replica_answers(
    project: ComposeProject, nobody: httpx.AsyncClient
) -> None:
    replicas = {container[:12] for container in await ids(project, "api")}
    assert len(replicas) == 2
    assert await instances(nobody) == replicas


async def test_http_only_says_where_https_is(live: LiveStack, project: ComposeProject) -> None:
    port = (await project.compose("port", "load-balancer", "8080")).strip().rpartition(":")[2]
    async with httpx.AsyncClient(trust_env=False) as plain:
        answer = await plain.get(f"http://localhost:{port}/jobs/a?b=c")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{live.api_url}/jobs/a?b=c"
    assert "X-Gas-Instance" not in answer.headers


async def test_session_begun_at_one_replica_holds_at_all(nobody: httpx.AsyncClient) -> None:
    """Round robin: each step of a sign-in gets to another replica than the step before."""
    seen: list[str] = []

    async def note(answer: httpx.Response) -> None:
        if "X-Gas-Instance" in answer.headers:
            seen.append(answer.headers["X-Gas-Instance"])

    nobody.event_hooks["response"].append(note)
    await sign_in(nobody, str(nobody.base_url).rstrip("/"), f"{new_id()}@example.org")
    assert len(set(seen)) > 1
    accounts = [(await nobody.get(API)).json()["user_id"] for _ in range(6)]
    assert len(set(accounts)) == 1


async def test_forged_address_is_dropped_by_the_load_balancer(
    project: ComposeProject, nobody: httpx.AsyncClient
) -> None:
    """What docker makes of this machine is the first address of the network: its gateway."""
    (load_balancer,) = await ids(project, "load-balancer")
    request_id = new_id()
    answer = await nobody.get(API, headers=forged(request_id))
    assert answer.status_code == 401
    assert (await logged(project, request_id))["client"] == await gateway(load_balancer)


async def test_clients_have_an_address_each(project: ComposeProject) -> None:
    (load_balancer,) = await ids(project, "load-balancer")
    (client,) = await ids(project, "issuer")
    request_id = new_id()
    url = f"https://{await address(load_balancer, '_front')}:8443{API}"
    headers = {**forged(request_id), "Host": "localhost:8443"}
    assert await python(client, ASK.format(url=url, headers=headers)) == 401
    assert (await logged(project, request_id))["client"] == await address(client, "_front")


@pytest.mark.parametrize(("service", "network"), [("archiver", "_back"), ("issuer", "_front")])
async def test_nobody_else_is_believed_to_be_a_load_balancer(
    service: str, network: str, project: ComposeProject
) -> None:
    """Past it, from a neighbour in either of the api's networks."""
    (client,) = await ids(project, service)
    replica = (await ids(project, "api"))[0]
    request_id = new_id()
    url = f"http://{await address(replica, network)}:8000{API}"
    assert await python(client, ASK.format(url=url, headers=forged(request_id))) == 401
    assert (await logged(project, request_id))["client"] == await address(client, network)


@pytest.mark.parametrize("path", ["/metrics", "//metrics", "/%6detrics", "/x/../metrics"])
async def test_figures_are_not_for_the_public(path: str, nobody: httpx.AsyncClient) -> None:
    request = nobody.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    answer = await nobody.send(request)
    assert answer.status_code == 404
    assert "gas_http_requests" not in answer.text


async def test_nobody_notices_that_a_replica_goes_and_comes(
    project: ComposeProject, nobody: httpx.AsyncClient
) -> None:
    replicas = await ids(project, "api")
    statuses: list[int] = []

    async def keep_asking() -> None:
        while True:
            statuses.append((await nobody.get(API)).status_code)
            await asyncio.sleep(0.05)  # four of these; the replica that starts needs a processor

    async with asyncio.TaskGroup() as clients:
        asking = [clients.create_task(keep_asking()) for _ in range(4)]
        await docker("stop", replicas[0])
        before = len(statuses)
        assert await instances(nobody) == {replicas[1][:12]}
        await docker("start", replicas[0])
        everybody = {replica[:12] for replica in replicas}
        await until(
            lambda: instances(nobody), lambda seen: seen == everybody, what="both replicas answer"
        )
        for task in asking:
            task.cancel()
    assert len(statuses) > before > 10
    assert set(statuses) == {401}


def forged(request_id: str) -> dict[str, str]:
    return {
        "X-Request-Id": request_id,
        "X-Forwarded-For": FORGED,
        "X-Real-Ip": FORGED,
        "Forwarded": f"for={FORGED}",
    }


async def logged(project: ComposeProject, request_id: str) -> dict[str, Any]:
    """What the api says of a request."""

    async def look() -> list[dict[str, Any]]:
        lines = (await project.logs("api", lines=500)).splitlines()
        entries = [json.loads(line) for line in lines if request_id in line]
        return [entry for entry in entries if entry["event"] == "request"]

    (entry,) = await until(look, bool, what=f"request {request_id} in the log")
    return entry


async def gateway(container: str) -> str:
    (found,) = json.loads(await docker("inspect", container))
    (network,) = found["NetworkSettings"]["Networks"].values()
    text: str = network["Gateway"]
    return text
