"""10,000 mutated inputs: each ends in a result or in a code that says what is wrong with it."""

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support import fuzzing

CASES, PROCESSES = 10_000, 2


@pytest.mark.timeout(1500)
async def test_whatever_comes_in_ends_in_a_result_or_a_known_code(refdata: Path) -> None:
    outputs = await asyncio.gather(
        *(_fuzz(refdata / "bad", CASES // PROCESSES, seed) for seed in range(PROCESSES))
    )
    outcomes: Counter[str] = Counter()
    for output in outputs:
        assert not output["wrong"], output["wrong"]
        outcomes.update(output["outcomes"])
    assert outcomes.total() == CASES
    # The mutations reach every part of the engine only if many inputs get through to the end.
    assert outcomes["result"] > CASES / 10, outcomes
    assert outcomes["malformed_vcf"] > CASES / 10, outcomes


async def _fuzz(folder: Path, count: int, seed: int) -> dict[str, Any]:
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, fuzzing.__file__, str(folder), str(count), str(seed)),
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    output: dict[str, Any] = json.loads(said)
    return output
