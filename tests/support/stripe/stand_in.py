"""A loopback HTTP server in the place of Stripe's API: as much of it as GAS asks.

It answers in the shapes of https://docs.stripe.com/api, and writes down what it was asked. A test
plays the customer: ``pay`` is what somebody does on Stripe's page.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.http_thread import served_by

CHECKOUT = "https://checkout.stripe.com/c/pay/"
PORTAL = "https://billing.stripe.com/p/session/"
PERIOD_END = 1_900_000_000

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A request: ``form`` is its body or query, by the names that Stripe gives to what is nested."""

    method: str
    path: str
    form: dict[str, str]
    authorization: str


@dataclass
class StripeStandIn:
    """Everything that this Stripe knows. ``refuses``: a status to answer with, and nothing else."""

    url: str = ""
    refuses: int | None = None
    asked: list[Asked] = field(default_factory=list)
    customers: dict[str, Record] = field(default_factory=dict)
    sessions: dict[str, Record] = field(default_factory=dict)
    subscriptions: dict[str, Record] = field(default_factory=dict)

    def pay(self, session_id: str, *, billing_mode: str = "classic") -> Record:
        """What Stripe does when a session of Checkout is paid. Raises KeyError, ValueError."""
        session = self.sessions[session_id]
        if session["status"] != "open":
            raise ValueError(f"the session is {session['status']}")
        session["status"] = "complete"
        subscription = {
            "id": f"sub_{len(self.subscriptions) + 1}",
            "object": "subscription",
            "customer": session["customer"],
            "status": "active",
            "cancel_at": None,
            "cancel_at_period_end": False,
            "billing_mode": {"type": billing_mode},
            "metadata": {
                "gas_user_id": session["form"]["subscription_data[metadata][gas_user_id]"]
            },
        }
        self.subscriptions[subscription["id"]] = subscription
        return subscription

    def paths(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.asked]

    def answer(self, asked: Asked) -> Record | None:
        """None: there is no such thing."""
        form, found = asked.form, None
        match asked.method, asked.path.removeprefix("/v1/").split("/"):
            case "POST", ["customers"]:
                found = self._new(self.customers, "cus", form)
            case "GET", ["checkout", "sessions"]:
                found = _list(self.sessions, form)
            case "POST", ["checkout", "sessions"]:
                more = {"status": "open", "customer": form["customer"], "form": form}
                found = self._new(self.sessions, "cs_test", more)
                found["url"] = CHECKOUT + str(found["id"])
            case "POST", ["checkout", "sessions", session_id, "expire"]:
                found = self._changed(self.sessions, session_id, {"status": "expired"})
            case "POST", ["billing_portal", "sessions"]:
                found = {"object": "billing_portal.session", "url": PORTAL + form["customer"]}
            case "GET", ["subscriptions"]:
                found = _list(self.subscriptions, form)
            case "GET", ["subscriptions", subscription_id]:
                found = self.subscriptions.get(subscription_id)
            case "POST", ["subscriptions", subscription_id]:
                found = self._changed(self.subscriptions, subscription_id, _end(form))
        return found

    def _new(self, records: dict[str, Record], prefix: str, more: Record) -> Record:
        record = {"id": f"{prefix}_{len(records) + 1}", **more}
        records[record["id"]] = record
        return record

    def _changed(self, records: dict[str, Record], name: str, more: Record) -> Record | None:
        if name in records:
            records[name] |= more
        return records.get(name)


def _end(form: dict[str, str]) -> Record:
    """What an update of a subscription says of its end."""
    match form:
        case {"cancel_at_period_end": "true"}:
            return {"cancel_at_period_end": True, "cancel_at": PERIOD_END}
        case {"cancel_at_period_end": "false"} | {"cancel_at": ""}:
            return {"cancel_at_period_end": False, "cancel_at": None}
        case _:
            raise ValueError(f"not known: {form}")


def _list(records: dict[str, Record], form: dict[str, str]) -> Record:
    """Newest first, as Stripe lists."""
    found = [
        record
        for record in reversed(records.values())
        if record["customer"] == form["customer"]
        and form.get("status", "all") in {"all", record["status"]}
    ]
    return {"object": "list", "data": found, "has_more": False, "url": "/v1/list"}


@contextmanager
def stripe_stand_in() -> Iterator[StripeStandIn]:
    state = StripeStandIn()

    class Handler(_Handler):
        stripe = state

    with served_by(Handler) as state.url:
        yield state


class _Handler(BaseHTTPRequestHandler):
    stripe: StripeStandIn

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, form: str) -> None:
        asked = Asked(
            self.command,
            urlsplit(self.path).path,
            dict(parse_qsl(form, keep_blank_values=True)),
            self.headers["Authorization"],
        )
        self.stripe.asked.append(asked)
        if self.stripe.refuses:
            self._send(self.stripe.refuses, {"error": {"type": "api_error", "message": "No."}})
            return
        answer = self.stripe.answer(asked)
        error = {"error": {"type": "invalid_request_error", "message": "No such thing."}}
        self._send(200 if answer else 404, answer or error)

    def _send(self, status: int, document: Record) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: a test says what failed by its asserts."""
