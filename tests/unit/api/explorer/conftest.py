"""An explorer over stores in memory, a made-up result, and a real one."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from gas.adapters.memory import MemoryPorts, memory_ports
from gas.annotation import ANNOTATED_VCF, VARIANTS_PARQUET, Limits, annotate, load_bundle
from gas.annotation.demo import demo_vcf
from gas.domain.job import Job
from services.api.explorer.answers import Facets, VariantPage
from services.api.explorer.explorer import Explorer
from services.api.explorer.query import ViewQuery
from services.api.settings import ApiSettings
from tests.unit.api.explorer.tables import job_with, table_in
from tests.unit.api.world import Clock


def view(url_query: str = "") -> ViewQuery:
    return ViewQuery.from_params(QueryParams(url_query))


class Reader:
    """An explorer with one job, asked as a URL asks."""

    def __init__(self, explorer: Explorer, job: Job) -> None:
        self.explorer = explorer
        self.job = job

    async def page(self, url_query: str = "") -> VariantPage:
        return await self.explorer.page(self.job, view(url_query))

    async def numbers(self, url_query: str) -> list[int]:
        """Of the rows that a view has, in its order."""
        return [row["row"] for row in (await self.page(url_query)).rows]

    async def facets(self, url_query: str = "") -> Facets:
        return await self.explorer.facets(self.job, view(url_query))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ports(clock: Clock) -> MemoryPorts:
    return memory_ports(clock=clock)


MakeSettings = Callable[..., ApiSettings]


@pytest.fixture
def make_settings(tmp_path: Path) -> MakeSettings:
    def make(**fields: Any) -> ApiSettings:
        return ApiSettings.model_validate(
            {
                "inputs_bucket": "inputs",
                "results_bucket": "results",
                "database_url": "postgresql+psycopg://nobody@nowhere/none",
                "oidc_client_id": "gas",
                "session_secret": "x" * 32,
                "explorer_cache_dir": tmp_path / "cache",
                **fields,
            }
        )

    return make


@pytest.fixture
async def explorer(
    ports: MemoryPorts, make_settings: MakeSettings, clock: Clock
) -> AsyncIterator[Explorer]:
    explorer = Explorer(ports.results, make_settings(), clock)
    yield explorer
    await explorer.close()


@pytest.fixture
def reader(explorer: Explorer, ports: MemoryPorts, tmp_path: Path) -> Reader:
    """Over the made-up table."""
    return Reader(explorer, job_with(ports, table_in(tmp_path)))


_REAL = """\
##fileformat=VCFv4.2
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	ada	ben
MT	73	.	A	G	50	PASS	.	GT	1	0
MT	3243	mine	A	C,G	30.1	PASS	.	GT	0/1	2/2
MT	3308	.	T	.	9	q10	.	GT	0	0
MT	3310	.	C	<DEL>	.	.	.	GT	0/1	0
MT	8993	.	T	C,G	99	PASS	.	GT	1	2
MT	15326	.	A	G	inf	PASS	.	GT	1	1
"""


@pytest.fixture(scope="session")
async def real_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of a small VCF: records with one allele, two, none, and one that is symbolic."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "in.vcf").write_text(_REAL)
    await annotate(folder / "in.vcf", folder, load_bundle("rCRS"), limits=Limits())
    return folder


@pytest.fixture(scope="session")
async def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of the VCF that comes with GAS."""
    folder = tmp_path_factory.mktemp("demo")
    await annotate(demo_vcf(), folder, load_bundle("rCRS"), limits=Limits())
    return folder


def _reader_of(folder: Path, explorer: Explorer, ports: MemoryPorts) -> Reader:
    paths = [folder / name for name in (VARIANTS_PARQUET, ANNOTATED_VCF)]
    return Reader(explorer, job_with(ports, *paths, job_id=folder.name))


@pytest.fixture
def real(real_folder: Path, explorer: Explorer, ports: MemoryPorts) -> Reader:
    return _reader_of(real_folder, explorer, ports)


@pytest.fixture
def demo(demo_folder: Path, explorer: Explorer, ports: MemoryPorts) -> Reader:
    return _reader_of(demo_folder, explorer, ports)
