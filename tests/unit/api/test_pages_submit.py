"""The page to submit files on, and the way without JavaScript."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
import pytest

from gas.annotation.demo import demo_vcf
from gas.domain.states import JobStatus
from services.api.problems import unavailable
from services.api.settings import ApiSettings
from tests.unit.api.world import ORIGIN, VCF, User, World

GOOD = VCF + b"chrM\t73\t.\tA\tG\t.\tPASS\t.\n"
BAD = VCF + b"MT 73 . A G . . .\n"
HTML = {"Accept": "text/html"}
FRAGMENT = {"HX-Request": "true", **HTML}


async def drafted(user: User, **form: str) -> str:
    """The id of a draft that was made by the page's form."""
    answer = await user.http.post("/jobs/new", data={"file_name": "ada.vcf", **form})
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    found = re.fullmatch(r"/jobs/([\w-]+)/upload", answer.headers["Location"])
    assert found
    return found[1]


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


async def test_the_page_tells_the_limit_before_the_upload(ada: User) -> None:
    page = (await ada.http.get("/jobs/new")).text
    assert "Your Free plan takes files up to <strong>150 KB</strong>" in page
    assert '<a href="/account/plan">Premium takes 5 GB</a>' in page
    assert 'data-max-bytes="153600"' in page

    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    page = (await ada.http.get("/jobs/new")).text
    assert "takes files up to <strong>5 GB</strong>" in page
    assert "/account/plan" not in page


async def test_all_genomes_on_offer_can_be_chosen(ada: User) -> None:
    page = (await ada.http.get("/jobs/new")).text
    assert "<option>rCRS</option><option>GRCh38</option>" in page


async def test_a_stranger_signs_in_first(world: World) -> None:
    async with world.browser() as client:
        for path in ("/jobs/new?example=1", "/jobs/x/upload", "/jobs/x/uploaded"):
            answer = await client.get(path, headers=HTML)
            assert answer.status_code == HTTPStatus.SEE_OTHER
            assert answer.headers["Location"].startswith("/sign-in?next=/jobs/")


async def test_the_example_is_a_real_file(world: World) -> None:
    async with world.browser() as client:
        example = await client.get("/example.vcf")
    assert example.content == demo_vcf().read_bytes()
    assert example.headers["Content-Type"].startswith("text/plain")


async def test_one_click_submits_the_example(ada: User) -> None:
    page = (await ada.http.get("/jobs/new?example=1")).text
    assert page.index("The example is ready") < page.index("Drop VCF files")
    assert 'action="/jobs/new?example=1"' in page

    answer = await ada.http.post("/jobs/new?example=1")

    job = await ada.job(answer.headers["Location"].removeprefix("/jobs/"))
    assert (job.status, job.genome) == (JobStatus.SUBMITTED, "rCRS")
    assert job.name == "Example: mitochondrial haplogroups"
    assert job.input.size == demo_vcf().stat().st_size
    stored = await ada.world.ports.inputs.read(job.input.key, start=0, end=100)
    assert stored == demo_vcf().read_bytes()[:100]


class TestWithoutTheExamplesGenome:
    @pytest.fixture
    def settings(self, settings: ApiSettings) -> ApiSettings:
        return settings.model_copy(update={"genomes": ("GRCh38",)})

    async def test_there_is_no_example(self, ada: User) -> None:
        assert "example" not in (await ada.http.get("/jobs/new?example=1")).text.casefold()
        answer = await ada.http.post("/jobs/new?example=1", headers=HTML)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_a_file_goes_all_the_way_by_forms_alone(ada: User) -> None:
    job_id = await drafted(ada, name="Trio", genome="rCRS")
    page = (await ada.http.get(f"/jobs/{job_id}/upload")).text
    fields = fields_of(page)
    assert fields["success_action_redirect"] == f"{ORIGIN}/jobs/{job_id}/uploaded"
    assert 'enctype="multipart/form-data"' in page

    assert ada.world.ports.inputs.post(fields, GOOD) == HTTPStatus.SEE_OTHER
    checked = (await ada.http.get(f"/jobs/{job_id}/uploaded?bucket=b&key=k&etag=e")).text
    assert "This file can be annotated." in checked
    assert "Genome rCRS (NC_012920.1): 100 % of 1 compared REF allele agree" in checked
    submitted = await ada.http.post(f"/jobs/{job_id}/submit")

    assert submitted.headers["Location"] == f"/jobs/{job_id}"
    job = await ada.job(job_id)
    assert (job.status, job.name, job.genome) == (JobStatus.SUBMITTED, "Trio", "rCRS")


async def test_each_step_leads_to_the_one_that_is_next(ada: User) -> None:
    job_id = await drafted(ada)
    steps = {path: f"/jobs/{job_id}/{path}" for path in ("upload", "uploaded")}
    assert (await ada.http.get(steps["uploaded"])).headers["Location"] == steps["upload"]
    fields = fields_of((await ada.http.get(steps["upload"])).text)
    ada.world.ports.inputs.post(fields, GOOD)
    assert (await ada.http.get(steps["upload"])).headers["Location"] == steps["uploaded"]
    await ada.http.post(f"/jobs/{job_id}/submit")
    for path in steps.values():
        assert (await ada.http.get(path)).headers["Location"] == f"/jobs/{job_id}"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\data\\ada.vcf", "ada.vcf"),
        ("../../etc/ada.vcf.gz", "ada.vcf.gz"),
        ("  ", "upload.vcf"),
        ("\u202eada\x00.vcf", "ada.vcf"),
        ("a" * 300, "a" * 255),
    ],
)
async def test_names_of_files_are_kept_as_plain_ones(ada: User, given: str, kept: str) -> None:
    job_id = await drafted(ada, file_name=given)
    assert (await ada.job(job_id)).input.file_name == kept


async def test_names_are_text_and_never_markup(ada: User) -> None:
    job_id = await drafted(ada, file_name="<img src=x onerror=alert(1)>", name="<b>x</b>")
    page = (await ada.http.get(f"/jobs/{job_id}/upload")).text
    ada.world.ports.inputs.post(fields_of(page), VCF + b"<b>\t<i>\t.\tA\t<u>\t.\t.\t.\n")
    checked = (await ada.http.get(f"/jobs/{job_id}/uploaded")).text
    for text in (page, checked):
        assert not re.search(r"<(img src=x|b>|i>|u>)", text)
    assert "&lt;b&gt;" in checked


async def test_a_genome_that_is_not_on_offer_is_a_page_that_says_so(ada: User) -> None:
    data = {"file_name": "a.vcf", "genome": "GRCh36"}
    answer = await ada.http.post("/jobs/new", data=data, headers=HTML)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "choose from: rCRS, GRCh38" in answer.text


async def test_the_lines_that_are_wrong_are_shown(ada: User) -> None:
    job_id = await ada.uploaded(BAD)
    page = (await ada.http.get(f"/jobs/{job_id}/uploaded")).text
    assert "This file cannot be annotated as it is." in page
    assert "malformed_vcf" in page
    assert "1 line with a problem" in page
    assert "Annotate anyway" in page


async def test_scripts_get_the_report_alone(ada: User) -> None:
    job_id = await ada.uploaded(GOOD)
    report = await ada.http.get(f"/jobs/{job_id}/uploaded", headers=FRAGMENT)
    assert 'data-verdict="ok"' in report.text
    assert "<html" not in report.text

    empty = await drafted(ada)
    missing = await ada.http.get(f"/jobs/{empty}/uploaded", headers=FRAGMENT)
    assert missing.status_code == HTTPStatus.CONFLICT


async def test_where_no_check_is_possible_the_page_says_why(ada: User) -> None:
    """There is no GRCh38 on this machine."""
    draft = await ada.draft(genome="GRCh38")
    ada.world.ports.inputs.post(draft["upload"]["fields"], GOOD)
    page = (await ada.http.get(f"/jobs/{draft['job']['id']}/uploaded")).text
    assert "This file could not be checked." in page
    assert "You may try to annotate it all the same." in page


async def test_when_too_many_are_checked_a_script_comes_again(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise unavailable("Too many files are being checked.")

    monkeypatch.setattr(ada.world.context.preflights, "report", busy)
    job_id = await ada.uploaded(GOOD)
    answer = await ada.http.get(f"/jobs/{job_id}/uploaded", headers=FRAGMENT)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE


async def test_another_genome_can_be_chosen_by_a_form(ada: User) -> None:
    job_id = await ada.uploaded(GOOD)
    answer = await ada.http.post(f"/jobs/{job_id}/genome", data={"genome": "GRCh38"})
    assert answer.headers["Location"] == f"/jobs/{job_id}/uploaded"
    assert (await ada.job(job_id)).genome == "GRCh38"


async def test_what_is_too_large_for_the_plan_is_a_page_that_says_so(ada: User) -> None:
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    job_id = await ada.uploaded(GOOD + b"#" * 160_000)
    await ada.call("PUT", "/account/plan", json={"plan": "free"})
    answer = await ada.http.get(f"/jobs/{job_id}/uploaded", headers=HTML)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "the free plan allows 153,600 bytes" in answer.text


async def test_forms_of_other_sites_change_nothing(ada: User) -> None:
    job_id = await ada.uploaded(GOOD)
    for path in ("/jobs/new?example=1", f"/jobs/{job_id}/submit", f"/jobs/{job_id}/genome"):
        answer = await ada.http.post(
            path, data={"genome": "GRCh38"}, headers={"Origin": "https://evil.test"}
        )
        assert answer.status_code == HTTPStatus.FORBIDDEN
    job = await ada.job(job_id)
    assert (job.status, job.genome) == (JobStatus.DRAFT, "rCRS")


async def test_drafts_of_others_are_not_there(ada: User, ben: User) -> None:
    job_id = await ada.uploaded(GOOD)
    answers: list[httpx.Response] = [
        await ben.http.get(f"/jobs/{job_id}/upload"),
        await ben.http.get(f"/jobs/{job_id}/uploaded"),
        await ben.http.post(f"/jobs/{job_id}/genome", data={"genome": "GRCh38"}),
        await ben.http.post(f"/jobs/{job_id}/submit"),
    ]
    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}


async def test_the_form_goes_where_the_policy_allows(ada: User) -> None:
    job_id = await drafted(ada)
    page = await ada.http.get(f"/jobs/{job_id}/upload")
    [action] = re.findall(r'action="(memory:[^"]+)"', page.text)
    target = urlsplit(action)
    policy = page.headers["Content-Security-Policy"]
    [allowed] = re.findall(r"form-action ([^;]+)", policy)
    assert f"{target.scheme}://{target.netloc}" in allowed.split()
