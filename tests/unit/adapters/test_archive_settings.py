"""Which archive an operator chooses."""

import pytest

from gas.runtime.settings import CommonSettings


@pytest.fixture(autouse=True)
def buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAS_INPUTS_BUCKET", "in")
    monkeypatch.setenv("GAS_RESULTS_BUCKET", "out")


def test_nobody_who_does_not_ask_for_it_gets_a_vault() -> None:
    assert CommonSettings.load().archive == "s3"


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAS_ARCHIVE", "vault")
    monkeypatch.setenv("GAS_VAULT", "my-results")
    settings = CommonSettings.load()
    assert (settings.archive, settings.vault) == ("vault", "my-results")


@pytest.mark.parametrize("vault", ["a/b", "a@b", "a b", "x" * 256])
def test_a_vault_that_no_archive_id_could_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], vault: str
) -> None:
    monkeypatch.setenv("GAS_VAULT", vault)
    with pytest.raises(SystemExit):
        CommonSettings.load()
    assert "GAS_VAULT: " in capsys.readouterr().err


def test_an_archive_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GAS_ARCHIVE", "tape")
    with pytest.raises(SystemExit):
        CommonSettings.load()
    assert "GAS_ARCHIVE: Input should be 's3' or 'vault'" in capsys.readouterr().err
