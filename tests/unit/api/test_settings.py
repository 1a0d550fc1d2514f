"""What the environment may say, and what ``--help`` tells of it."""

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


@pytest.mark.parametrize(
    "wrong",
    [
        {"GAS_SESSION_SECRET": "short"},
        {"GAS_GENOMES": " , "},
        {"GAS_PUBLIC_URL": "gas.example.org"},
        {"GAS_PORT": "70000"},
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
