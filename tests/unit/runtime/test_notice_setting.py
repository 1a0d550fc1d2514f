"""How long before its archiving the owner of a result is told, by the settings."""

from datetime import timedelta

import pytest

from gas.runtime.settings import CommonSettings


@pytest.mark.parametrize(
    ("said", "notice"),
    [
        ({}, timedelta(seconds=30)),
        ({"GAS_FREE_RETENTION_SECONDS": "31536000"}, timedelta(hours=48)),
        ({"GAS_ARCHIVE_NOTICE_SECONDS": ""}, timedelta(seconds=30)),
        ({"GAS_ARCHIVE_NOTICE_SECONDS": "5"}, timedelta(seconds=5)),
        ({"GAS_ARCHIVE_NOTICE_SECONDS": "0"}, timedelta(0)),
    ],
)
def test_notice_follows_the_retention_unless_it_is_set(
    said: dict[str, str], notice: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GAS_FREE_RETENTION_SECONDS", "GAS_ARCHIVE_NOTICE_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    buckets = {"GAS_INPUTS_BUCKET": "inputs", "GAS_RESULTS_BUCKET": "results"}
    for name, value in (buckets | said).items():
        monkeypatch.setenv(name, value)
    settings = CommonSettings()
    assert settings.timings.archive_notice == notice
