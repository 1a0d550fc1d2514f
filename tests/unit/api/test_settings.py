"""What the environment may say, and what ``--help`` tells of it."""

import socket
import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from services.api.settings import ApiSettings

_LEAST = {
    "GAS_INPUTS_BUCKET": "inputs",
    "GAS_RESULTS_BUCKET": "results",
    "GAS_DATABASE_URL": "postgresql+psycopg://gas:hunter2@db/gas",
    "GAS_OIDC_CLIENT_ID": "gas",
    "GAS_SESSION_SECRET": "s3cret" * 8,
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in _LEAST.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_least_is_enough(environment: pytest.MonkeyPatch) -> None:
    environment.setattr(sys, "argv", ["api"])

    settings = ApiSettings.load()

    assert settings.genomes == ("rCRS",)
    assert settings.origin == "http://127.0.0.1:8000"
    assert not settings.is_https


def test_secrets_are_not_shown(environment: pytest.MonkeyPatch) -> None:
    del environment
    shown = repr(ApiSettings())

    assert "hunter2" not in shown
    assert "s3cret" not in shown


def test_not_even_when_something_is_missing(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("GAS_OIDC_CLIENT_ID")

    with pytest.raises(ValidationError) as refusal:
        ApiSettings()

    assert "oidc_client_id" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://gas.example.org/", "https://gas.example.org"),
        ("https://gas.example.org:8443", "https://gas.example.org:8443"),
        ("https://GAS.example.org:443", "https://gas.example.org"),
        ("http://localhost:80/", "http://localhost"),
    ],
)
def test_the_origin_is_as_browsers_write_it(
    environment: pytest.MonkeyPatch, url: str, origin: str
) -> None:
    environment.setenv("GAS_PUBLIC_URL", url)

    assert ApiSettings().origin == origin


def test_genomes_are_separated_by_commas(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("GAS_GENOMES", "GRCh38, rCRS")

    assert ApiSettings().genomes == ("GRCh38", "rCRS")


def test_trusted_proxies_are_addresses_and_networks(environment: pytest.MonkeyPatch) -> None:
    assert ApiSettings().trusted_proxies == ()

    environment.setenv("GAS_TRUSTED_PROXIES", "10.0.0.7, 172.28.0.0/16,fd00::/8")

    assert [str(network) for network in ApiSettings().trusted_proxies] == [
        "10.0.0.7/32",
        "172.28.0.0/16",
        "fd00::/8",
    ]


@pytest.mark.parametrize(
    ("proxies", "sentence"),
    [
        ("load-balancer", "'load-balancer' is no IP address and no CIDR network"),
        ("10.0.0.1,*", r"'\*' is no IP address"),
        ("10.0.0.1/8", "host bits set"),
        ("10.0.0.0/33", "'10.0.0.0/33' is no IP address and no CIDR network"),
        ("0.0.0.0/0", "anybody could claim any address"),
        ("::/0", "anybody could claim any address"),
    ],
)
def test_who_may_not_be_trusted_is_said(
    environment: pytest.MonkeyPatch, proxies: str, sentence: str
) -> None:
    environment.setenv("GAS_TRUSTED_PROXIES", proxies)

    with pytest.raises(ValidationError, match=sentence):
        ApiSettings()


def test_an_empty_variable_is_none(environment: pytest.MonkeyPatch) -> None:
    """Compose hands on ``GAS_INSTANCE=`` where its own environment has no such variable."""
    unset = ApiSettings()
    required = {name.removeprefix("GAS_").lower() for name in _LEAST}
    for name in ApiSettings.model_fields.keys() - required:
        environment.setenv(f"GAS_{name.upper()}", "")

    assert ApiSettings() == unset

    environment.setenv("GAS_DATABASE_URL", "")
    with pytest.raises(ValidationError, match="database_url\n  Field required"):
        ApiSettings()


def test_a_replica_is_called_as_its_host_unless_told_otherwise(
    environment: pytest.MonkeyPatch,
) -> None:
    assert ApiSettings().instance_name == socket.gethostname()

    environment.setenv("GAS_INSTANCE", "api-1")

    assert ApiSettings().instance_name == "api-1"


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("https://localhost:8443", True),
        ("https://gas.localhost", True),
        ("https://notlocalhost", False),
        ("https://localhost.example.org", False),
    ],
)
def test_what_is_on_the_users_own_machine(
    environment: pytest.MonkeyPatch, url: str, *, is_local: bool
) -> None:
    environment.setenv("GAS_PUBLIC_URL", url)

    assert ApiSettings().is_local is is_local


@pytest.mark.parametrize(
    "wrong",
    [
        {"GAS_SESSION_SECRET": "short"},
        {"GAS_GENOMES": " , "},
        {"GAS_PUBLIC_URL": "gas.example.org"},
        {"GAS_PORT": "70000"},
        {"GAS_INSTANCE": "two lines\r\nX: y"},
        {"GAS_OIDC_DISCOVERY_URL": "issuer:8000"},
    ],
    ids=str,
)
def test_nonsense_is_refused(environment: pytest.MonkeyPatch, wrong: dict[str, Any]) -> None:
    for name, value in wrong.items():
        environment.setenv(name, value)

    with pytest.raises(ValidationError):
        ApiSettings()


def test_help_names_every_variable_and_needs_none() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "services.api", "--help"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )

    for name in ApiSettings.model_fields:
        assert f"GAS_{name.upper()}  (" in answer.stdout


def test_secret_that_everybody_knows_is_for_localhost_only(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("GAS_SESSION_SECRET", "only-for-this-machine-only-for-this-machine")
    environment.setenv("GAS_PUBLIC_URL", "https://localhost:8443")
    assert ApiSettings().is_local

    environment.setenv("GAS_PUBLIC_URL", "https://gas.example.org")
    with pytest.raises(ValidationError, match="GAS_SESSION_SECRET is the one that everybody knows"):
        ApiSettings()


def test_what_is_wrong_is_told_in_sentences_and_without_values(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setattr(sys, "argv", ["api"])
    environment.setenv("GAS_PORT", "hunter2")
    environment.delenv("GAS_OIDC_CLIENT_ID")

    with pytest.raises(SystemExit) as end:
        ApiSettings.load()

    told = capsys.readouterr().err
    assert end.value.code == 2
    assert "GAS_PORT: Input should be a valid integer" in told
    assert "GAS_OIDC_CLIENT_ID: Field required" in told
    assert "python -m services.api --help" in told
    assert "hunter2" not in told
