"""A GAS server and its store, played in memory behind httpx's transport."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import httpx

from gas.cli.client import GasClient, Patience

API_HOST, STORE_HOST = "gas.test", "store.test"
TOKEN = "secret-token"
RESULT = b"##fileformat=VCFv4.2\n" * 9000
QUICK = Patience(
    first=timedelta(milliseconds=1),
    longest=timedelta(milliseconds=2),
    request=timedelta(milliseconds=30),
    outage=timedelta(milliseconds=200),
)


def problem(status: int, code: str, detail: str) -> httpx.Response:
    content = {"title": "Problem", "status": status, "detail": detail, "code": code}
    return httpx.Response(
        status, json=content, headers={"content-type": "application/problem+json"}
    )


@dataclass
class FakeServer:
    """Every look at a submitted job moves it on one step; ``outage`` answers are 503 first."""

    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    plan: str = "free"
    plan_ends_at: str | None = None
    charges: bool = False
    max_bytes: int = 153_600
    fails: bool = False
    outage: int = 0
    served: bytes = RESULT
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host == STORE_HOST:
            return self._store(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return problem(401, "unauthenticated", "This token is not valid.")
        if self.outage:
            self.outage -= 1
            return httpx.Response(503)
        return self._api(request)

    def _store(self, request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers, "our token went to the store"
        if request.method == "GET":
            return httpx.Response(200, content=in_pieces(self.served))
        parts = form_parts(request)
        assert list(parts)[-1] == "file", "the store wants the file last"
        if len(parts["file"]) > self.max_bytes:
            xml = "<Error><Code>EntityTooLarge</Code><Message>Too large</Message></Error>"
            return httpx.Response(400, text=xml)
        self.uploads[parts["key"].decode()] = parts["file"]
        return httpx.Response(204)

    def _api(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        match request.method, path.strip("/").split("/"):
            case "POST", ["jobs"]:
                return self._create(json.loads(request.content))
            case "GET", ["jobs"]:
                return self._page(request.url.params.get("cursor"))
            case "GET" | "PUT", ["account", "plan"]:
                return self._plan(json.loads(request.content or "null"))
            case method, ["jobs", job_id, *rest]:
                if job_id not in self.jobs:
                    return problem(404, "job_not_found", "There is no such job.")
                return self._job(method, self.jobs[job_id], rest)
        return httpx.Response(404)

    def _plan(self, chosen: dict[str, str] | None) -> httpx.Response:
        if chosen and self.charges:
            sentence = "Premium is paid for in a browser: https://pay.test/1"
            return problem(402, "payment_required", sentence)
        self.plan = chosen["plan"] if chosen else self.plan
        plan = {
            "plan": self.plan,
            "max_upload_bytes": self.max_bytes,
            "keeps_results": False,
            "ends_at": self.plan_ends_at,
        }
        return httpx.Response(200, json=plan)

    def _create(self, body: dict[str, Any]) -> httpx.Response:
        job = {
            "id": f"job-{len(self.jobs) + 1}",
            "status": "DRAFT",
            "genome": body.get("genome", "rCRS"),
            "file_name": body["file_name"],
            "name": body.get("name"),
            "size": body.get("size"),
            "created_at": "2026-02-03T04:05:06Z",
            "kept_for_machines": True,
        }
        self.jobs[job["id"]] = job
        fields = {"key": job["id"], "policy": "p"}
        upload = {"url": f"http://{STORE_HOST}/in", "fields": fields, "max_bytes": self.max_bytes}
        return httpx.Response(201, json={"job": job, "upload": upload})

    def _page(self, cursor: str | None) -> httpx.Response:
        """Pages of two."""
        newest_first = list(self.jobs.values())[::-1]
        start = int(cursor or 0)
        more = start + 2 < len(newest_first)
        page = {
            "jobs": newest_first[start : start + 2],
            "next_cursor": str(start + 2) if more else None,
        }
        return httpx.Response(200, json=page)

    def _job(self, method: str, job: dict[str, Any], rest: list[str]) -> httpx.Response:
        match method, rest:
            case "GET", []:
                self._move_on(job)
            case "POST", ["submit"]:
                assert job["id"] in self.uploads
                job["status"] = "SUBMITTED"
            case "POST", ["cancel"]:
                job["status"] = "CANCELLED"
            case "POST", ["rerun"]:
                again = {**job, "id": f"job-{len(self.jobs) + 1}", "rerun_of": job["id"]}
                job = {**again, "status": "SUBMITTED", "storage": None, "files": []}
                self.jobs[job["id"]] = job
            case "DELETE", []:
                del self.jobs[job["id"]]
                return httpx.Response(202)
            case "GET", ["files", name]:
                return httpx.Response(307, headers={"location": f"http://{STORE_HOST}/{name}"})
        return httpx.Response(200, json=job)

    def _move_on(self, job: dict[str, Any]) -> None:
        if job["status"] == "SUBMITTED":
            job["status"] = "RUNNING"
            job["progress"] = {"stage": "annotating", "fraction": 0.5, "records": 1200}
        elif job["status"] == "RUNNING" and self.fails:
            job["status"] = "FAILED"
            job["failure"] = {"code": "malformed_vcf", "message": "Line 7 is no record."}
        elif job["status"] == "RUNNING":
            complete(job)


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


def complete(job: dict[str, Any], *, archived: bool = False) -> None:
    job["status"] = "COMPLETED"
    job["storage"] = "ARCHIVED" if archived else "AVAILABLE"
    described = {"size": len(RESULT), "sha256": hashlib.sha256(RESULT).hexdigest()}
    job["files"] = [
        {"name": "annotated.vcf.gz", "archived": archived, **described},
        {"name": "summary.json", "archived": False, **described},
    ]


def form_parts(request: httpx.Request) -> dict[str, bytes]:
    """The fields of a multipart form, in the order in which they were sent."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = {}
    for part in message_from_bytes(head + request.content).get_payload():
        assert not isinstance(part, str)
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        parts[str(part.get_param("name", header="content-disposition"))] = content
    return parts


def client_of(server: FakeServer, token: str = TOKEN) -> GasClient:
    transport = httpx.MockTransport(server)
    return GasClient(f"http://{API_HOST}", token, patience=QUICK, transport=transport)
