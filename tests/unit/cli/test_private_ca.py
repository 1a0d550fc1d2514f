"""The commands before a server whose certificate is from a CA of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from gas.cli.client import GasClient
from gas.cli.connections import certificate_error, reason_of, trusted_authorities
from gas.cli.demo_user import token_of
from gas.cli.errors import UnreachableError, UsageError
from gas.cli.main import app
from gas.cli.views import FileView, UploadView
from tests.unit.cli.fake_server import QUICK
from tests.unit.cli.private_ca import Authority, tls_server


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made_in(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def url(authority: Authority) -> Iterator[str]:
    with tls_server(authority.issue("localhost")) as url:
        yield url


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def gas(url: str, environment: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, as users run it against the server."""
    environment.setenv("GAS_URL", url)
    environment.setenv("GAS_TOKEN", "any")
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_it_is_trusted_where_ssl_cert_file_names_the_ca(
    gas: Callable[..., Result], environment: pytest.MonkeyPatch, authority: Authority
) -> None:
    environment.setenv("SSL_CERT_FILE", str(authority.root))

    result = gas("plan")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "free" in result.stdout


def test_it_is_trusted_where_ssl_cert_dir_holds_the_ca(
    gas: Callable[..., Result],
    environment: pytest.MonkeyPatch,
    authority: Authority,
    tmp_path: Path,
) -> None:
    (tmp_path / "root.pem").write_bytes(authority.root.read_bytes())
    subprocess.run(["openssl", "rehash", str(tmp_path)], check=True)  # names that OpenSSL looks for
    environment.setenv("SSL_CERT_DIR", str(tmp_path))

    result = gas("plan")

    assert (result.exit_code, result.stderr) == (0, "")


def test_an_unknown_ca_is_said_with_the_variable_that_helps(gas: Callable[..., Result]) -> None:
    result = gas("plan")

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("error: No answer from https://localhost:")
    assert "certificate is not trusted" in result.stderr
    assert "SSL_CERT_FILE (now not set)" in result.stderr


def test_so_it_is_where_a_token_is_made(url: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("GAS_URL", url)

    result = subprocess.run(
        [sys.executable, "-m", "gas.cli.demo_user", "ada"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout) == (3, "")
    assert "SSL_CERT_FILE (now not set)" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_ca_that_is_no_more_is_said_with_its_file(
    gas: Callable[..., Result],
    environment: pytest.MonkeyPatch,
    authority: Authority,
    tmp_path: Path,
) -> None:
    """What a user keeps whose stack was taken down with its volumes: the same name, another key."""
    stale = Authority.made_in(tmp_path)
    assert stale.certificate.subject == authority.certificate.subject
    environment.setenv("SSL_CERT_FILE", str(stale.root))

    result = gas("plan")

    assert result.exit_code == 3
    assert f"SSL_CERT_FILE (now {stale.root})" in result.stderr


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_without_certificates_is_named(
    gas: Callable[..., Result],
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
    content: str | None,
) -> None:
    file = tmp_path / "ca.crt"
    if content:
        file.write_text(content)
    environment.setenv("SSL_CERT_FILE", str(file))

    result = gas("plan")

    assert result.exit_code == 2
    assert result.stderr == (
        f"error: SSL_CERT_FILE names no readable file of certificates: {file}\n"
    )


async def test_a_server_under_another_name_is_no_matter_of_authorities(
    authority: Authority, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("SSL_CERT_FILE", str(authority.root))
    with tls_server(authority.issue("gas.test")) as url:
        async with GasClient(url, "any", patience=QUICK) as client:
            with pytest.raises(UnreachableError, match="not trusted") as caught:
                await client.plan()

    assert "localhost" in str(caught.value)
    assert "SSL_CERT_FILE" not in str(caught.value)


async def test_the_store_is_held_to_the_same(
    url: str, authority: Authority, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "a.vcf"
    file.write_bytes(b"x")
    form = UploadView(url=url, fields={}, max_bytes=1)
    async with GasClient(url, "any", patience=QUICK) as client:
        with pytest.raises(UnreachableError, match=r"upload broke off.*SSL_CERT_FILE"):
            await client.upload(form, file)


async def test_a_download_is_held_to_the_same(
    url: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def redirect(request: httpx.Request) -> httpx.Response:
        return httpx.Response(307, headers={"location": url})

    file = FileView(name="a", size=1, sha256="", archived=False)
    async with GasClient("http://gas.test", "any", patience=QUICK) as client:
        client._api = httpx.AsyncClient(
            transport=httpx.MockTransport(redirect), base_url="http://gas.test"
        )
        with pytest.raises(UnreachableError, match=r"download broke off.*SSL_CERT_FILE"):
            await client.download("job", file, tmp_path)


async def test_signing_in_for_a_token_trusts_the_same_and_takes_no_proxy(
    url: str, authority: Authority, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("SSL_CERT_FILE", str(authority.root))
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        environment.setenv(name, "http://127.0.0.1:9")  # the discard port: nobody listens

    with pytest.raises(httpx.HTTPStatusError) as caught:  # it was reached, and knows no form
        await token_of(url, "ada")

    assert caught.value.response.status_code == 501


async def test_a_certificate_is_not_tried_again_and_again(url: str) -> None:
    async with GasClient(url, "any") as client, asyncio.timeout(10):
        with pytest.raises(UnreachableError):
            await client.wait("job")  # which bears with a server that is away for a minute


def test_other_failures_keep_their_own_words() -> None:
    error = httpx.ConnectError("All connection attempts failed.")

    assert certificate_error(error) is None
    assert reason_of(error) == "All connection attempts failed"
    assert reason_of(httpx.ReadTimeout("")) == "ReadTimeout"


def test_without_variables_the_usual_authorities_are_trusted() -> None:
    assert trusted_authorities().cert_store_stats()["x509_ca"] > 50


async def test_plain_http_to_a_load_balancer_is_shown_the_way() -> None:
    """Its answer has nothing to read, and to follow it would send the token in the clear."""

    def moved(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        return httpx.Response(308, headers={"location": f"https://localhost:8443{path}"})

    transport = httpx.MockTransport(moved)
    async with GasClient("http://localhost:8080", "any", transport=transport) as client:
        with pytest.raises(UsageError, match=r"is at https://localhost:8443: let GAS_URL say so"):
            await client.plan()
