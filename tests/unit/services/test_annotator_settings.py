"""Which engine the annotator's environment asks for."""

import json
from pathlib import Path

import pytest

from gas.annotation import BuiltInEngine
from gas.annotation.external import ExternalEngine
from services.annotator.settings import AnnotatorSettings

REQUIRED = {
    "GAS_INPUTS_BUCKET": "inputs",
    "GAS_RESULTS_BUCKET": "results",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


def test_gas_s_own_engine_unless_a_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAS_BCSQ", "local")
    assert isinstance(AnnotatorSettings().engine(), BuiltInEngine)


def test_an_operator_s_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    described = tmp_path / "command.json"
    described.write_text(
        json.dumps({"name": "mine", "arguments": ["cat", "{input}"], "version_arguments": ["cat"]})
    )
    monkeypatch.setenv("GAS_EXTERNAL_COMMAND", str(described))
    assert isinstance(AnnotatorSettings().engine(), ExternalEngine)


def test_a_description_that_makes_no_sense_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = tmp_path / "command.json"
    described.write_text('{"name": "mine", "arguments": ["cat"]}')
    monkeypatch.setenv("GAS_EXTERNAL_COMMAND", str(described))
    with pytest.raises(ValueError, match="input"):
        AnnotatorSettings().engine()
