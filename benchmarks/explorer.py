#!/usr/bin/env python3
"""Measures how fast the explorer answers, over a made-up result of a million variants on S3.

    .venv/bin/python benchmarks/explorer.py --help

The result is put on the embedded AWS emulator, or on the S3 that AWS_ENDPOINT_URL names. "Cold" is
the first page of a result that this process has never seen: it is fetched and checked first. All
other answers are "warm". Each answer is timed as the api has it, without HTTP and JSON.
docs/benchmarks.md says how to read the figures.
"""

import argparse
import asyncio
import hashlib
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aioboto3
import duckdb
from starlette.datastructures import QueryParams

from benchmarks.explorer_data import write_variants_table
from benchmarks.explorer_queries import FACETS, VIEWS
from benchmarks.explorer_report import Answer, as_text, summary
from gas.adapters.aws.objects import S3ObjectStore
from gas.annotation import VARIANTS_PARQUET
from gas.domain.job import InputFile, Job, ResultFile
from gas.domain.states import JobStatus, Storage
from gas.embedded.emulator import Emulator
from gas.embedded.ports import claim_ports
from gas.embedded.process import Process
from gas.embedded.readiness import until_ready
from services.api.explorer.explorer import Explorer
from services.api.explorer.query import ViewQuery
from services.api.settings import ApiSettings

_PROJECT = Path(__file__).parents[1]
_BUCKET = "gas-benchmark-results"
_KEY = "user/job/1/variants.parquet"
_START = timedelta(seconds=60)


def main() -> int:
    options = _options()
    options.work.mkdir(parents=True, exist_ok=True)
    table = options.work / f"variants-{options.variants}.parquet"
    if not table.exists():
        write_variants_table(table, options.variants)
    answers, scan = asyncio.run(_measure(table, options))
    setting = {
        "variants": f"{options.variants:,}",
        "bytes": f"{table.stat().st_size:,}",
        "cores": str(os.cpu_count()),
        "threads": str(options.threads),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }
    sys.stdout.write(as_text(setting, answers, scan))
    if options.json:
        options.json.write_text(json.dumps(setting | summary(answers, scan), indent=2) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--variants", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7, help="how often each question is asked")
    parser.add_argument("--cold", type=int, default=3, help="how often the result is fetched anew")
    parser.add_argument("--threads", type=int, default=2, help="of the explorer")
    parser.add_argument(
        "--work", type=Path, default=Path("build/bench"), help="where the table stays for next time"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


async def _measure(table: Path, options: argparse.Namespace) -> tuple[list[Answer], list[float]]:
    """All answers, and how long plain scans took that were timed among them."""
    answers, scans = [], []
    with tempfile.TemporaryDirectory(prefix="explorer-bench-") as scratch:
        settings = _settings(Path(scratch), options.threads)
        async with _store(Path(scratch)) as store:
            await store.upload(table, _KEY, content_type="application/octet-stream")
            job = _job(table)
            for _ in range(options.cold):
                explorer = Explorer(store, settings, _now)
                answers.append(await _timed("cold", "", _page(explorer, job, "")))
                await explorer.close()
            explorer = Explorer(store, settings, _now)
            await _page(explorer, job, "")()
            for number in range(options.rounds):
                answers += await _round(explorer, job, number)
                scans.append(await asyncio.to_thread(_scan, table, options.threads))
            await explorer.close()
    return answers, scans


async def _round(explorer: Explorer, job: Job, number: int) -> list[Answer]:
    questions = [
        (kind, query, _page(explorer, job, query))
        for kind, queries in VIEWS.items()
        for query in queries
    ]
    # Facets are remembered; another condition makes another question of the same ones.
    questions += [
        ("facets", query, _facets(explorer, job, f"{query}&min_quality={number}"))
        for query in FACETS
    ]
    random.Random(number).shuffle(questions)  # noqa: S311 - an order
    return [await _timed(*question) for question in questions]


Ask = Callable[[], Awaitable[Any]]


def _page(explorer: Explorer, job: Job, query: str) -> Ask:
    view = ViewQuery.from_params(QueryParams(query))
    return lambda: explorer.page(job, view)


def _facets(explorer: Explorer, job: Job, query: str) -> Ask:
    view = ViewQuery.from_params(QueryParams(query))
    return lambda: explorer.facets(job, view)


async def _timed(kind: str, query: str, ask: Ask) -> Answer:
    began, computed = time.perf_counter(), time.process_time()
    matching = (await ask()).matching
    return Answer(
        kind, query, matching, time.perf_counter() - began, time.process_time() - computed
    )


def _scan(table: Path, threads: int) -> float:
    """Seconds of a plain scan of the largest column: how fast the machine is just now."""
    with duckdb.connect(config={"threads": threads}) as connection:
        began = time.perf_counter()
        connection.execute("SELECT count(hgvsc) FROM read_parquet($path)", {"path": str(table)})
        connection.fetchall()
        return time.perf_counter() - began


def _settings(folder: Path, threads: int) -> ApiSettings:
    return ApiSettings.model_validate(
        {
            "inputs_bucket": "none",
            "results_bucket": _BUCKET,
            "database_url": "postgresql+psycopg://nobody@nowhere/none",
            "oidc_client_id": "none",
            "session_secret": "x" * 32,
            "explorer_cache_dir": folder / "cache",
            "explorer_threads": threads,
        }
    )


def _job(table: Path) -> Job:
    with table.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    file = ResultFile(name=VARIANTS_PARQUET, size=table.stat().st_size, sha256=digest, key=_KEY)
    return Job(
        user_id="user",
        job_id="job",
        correlation_id="benchmark",
        status=JobStatus.COMPLETED,
        storage=Storage.AVAILABLE,
        genome="GRCh38",
        input=InputFile(key="user/job/input", file_name="million.vcf.gz"),
        files=(file,),
        created_at=_now(),
    )


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def _store(folder: Path) -> AsyncIterator[S3ObjectStore]:
    async with _endpoint(folder), aioboto3.Session().client("s3") as client:
        await client.create_bucket(Bucket=_BUCKET)
        try:
            yield S3ObjectStore(client, client, _BUCKET)
        finally:
            await client.delete_object(Bucket=_BUCKET, Key=_KEY)
            await client.delete_bucket(Bucket=_BUCKET)


@asynccontextmanager
async def _endpoint(folder: Path) -> AsyncIterator[None]:
    """The SDK's variables name an S3: the one that they named before, or an emulator of our own."""
    if "AWS_ENDPOINT_URL" in os.environ or "AWS_ENDPOINT_URL_S3" in os.environ:
        yield
        return
    log = folder / "emulator.log"
    emulator = Emulator(_PROJECT, folder / "emulator", claim_ports(0).emulator, "secret")
    process = await Process.start(emulator.program(log, ()))
    try:
        await until_ready(
            "MiniStack", emulator.is_ready, lambda: not process.is_running, log, _START
        )
        os.environ.update(emulator.client_environment)
        yield
    finally:
        await process.stop(timedelta(seconds=8))


if __name__ == "__main__":
    sys.exit(main())
