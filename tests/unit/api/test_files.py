"""Files of a job: listed, downloaded, and the log."""

from datetime import timedelta

from gas.domain import transitions
from tests.unit.api.world import VCF, User, World


async def test_result_files_are_listed_with_size_and_checksum(ada: User) -> None:
    job_id = await ada.completed()

    files = (await ada.call("GET", f"/jobs/{job_id}/files")).json()["files"]

    assert [file["name"] for file in files] == ["annotated.vcf.gz", "annotation.log"]
    assert files[0]["size"] == len(b"the annotated.vcf.gz\n")
    assert len(files[0]["sha256"]) == 64
    assert not any(file["archived"] for file in files)


async def test_a_download_goes_to_the_store_itself_under_a_telling_name(
    ada: User, world: World
) -> None:
    job_id = await ada.completed()

    response = await ada.call("GET", f"/jobs/{job_id}/files/annotated.vcf.gz")

    assert response.status_code == 307
    assert response.headers["Cache-Control"] == "no-store"
    address = response.headers["Location"]
    assert "file_name=ada.annotated.vcf.gz" in address
    assert world.ports.results.fetch(address) == b"the annotated.vcf.gz\n"


async def test_the_address_of_a_download_expires(ada: User, world: World) -> None:
    job_id = await ada.completed()
    response = await ada.call("GET", f"/jobs/{job_id}/files/annotated.vcf.gz")

    expires = world.context.settings.download_url_lifetime
    assert f"until={(world.clock() + expires).timestamp()}" in response.headers["Location"]


async def test_the_upload_can_be_downloaded_under_its_own_name(ada: User, world: World) -> None:
    job_id = await ada.submitted()

    response = await ada.call("GET", f"/jobs/{job_id}/files/input")

    assert response.status_code == 307
    assert "file_name=ada.vcf" in response.headers["Location"]
    assert world.ports.inputs.fetch(response.headers["Location"]) == VCF


async def test_a_draft_has_no_input_yet(ada: User) -> None:
    job_id = (await ada.draft())["job"]["id"]

    response = await ada.call("GET", f"/jobs/{job_id}/files/input")

    assert (response.status_code, response.json()["code"]) == (409, "upload_missing")


async def test_a_file_that_is_not_there_is_not_found(ada: User) -> None:
    job_id = await ada.completed()

    response = await ada.call("GET", f"/jobs/{job_id}/files/secrets.txt")

    assert (response.status_code, response.json()["code"]) == (404, "file_not_found")


async def test_a_file_that_vanished_is_told_before_anybody_is_sent_to_the_store(
    ada: User, world: World
) -> None:
    job_id = await ada.completed()
    for file in (await ada.job(job_id)).files:
        world.ports.results._bucket.delete(file.key or "")
    world.ports.inputs._bucket.delete((await ada.job(job_id)).input.key)

    for path in ("files/annotated.vcf.gz", "files/annotation.log", "files/input", "log"):
        response = await ada.call("GET", f"/jobs/{job_id}/{path}")

        assert (response.status_code, response.json()["code"]) == (410, "file_lost")
        assert "lost" in response.json()["detail"]


async def test_a_lost_file_is_listed_as_lost_and_not_as_archived(ada: User) -> None:
    job_id = await ada.completed()
    await ada.change(job_id, lambda j: transitions.begin_archive(j, timedelta(0), ada.now))
    lost = {"annotated.vcf.gz"}
    await ada.change(job_id, lambda j: transitions.archive(j, {}, ada.now, lost=lost))

    for path in (f"/jobs/{job_id}", f"/jobs/{job_id}/files"):
        files = (await ada.call("GET", path)).json()["files"]
        assert [(f["name"], f["archived"], f["lost"]) for f in files] == [
            ("annotated.vcf.gz", False, True),
            ("annotation.log", False, False),
        ]
    response = await ada.call("GET", f"/jobs/{job_id}/files/annotated.vcf.gz")
    assert (response.status_code, response.json()["code"]) == (410, "file_lost")


async def test_an_archived_file_says_so_and_the_log_stays_readable(ada: User) -> None:
    job_id = await ada.archived()

    archived = await ada.call("GET", f"/jobs/{job_id}/files/annotated.vcf.gz")
    log = await ada.call("GET", f"/jobs/{job_id}/log")
    files = (await ada.call("GET", f"/jobs/{job_id}")).json()["files"]

    assert (archived.status_code, archived.json()["code"]) == (409, "file_archived")
    assert "Premium" in archived.json()["detail"]
    assert (log.status_code, log.text) == (200, "the annotation.log\n")
    assert [file["archived"] for file in files] == [True, False]


async def test_a_file_on_its_way_back_says_so(ada: User) -> None:
    job_id = await ada.archived()
    await ada.change(job_id, lambda job: transitions.begin_restore(job, ada.now))

    response = await ada.call("GET", f"/jobs/{job_id}/files/annotated.vcf.gz")

    assert (response.status_code, response.json()["code"]) == (409, "file_archived")
    assert "brought back" in response.json()["detail"]


async def test_a_restored_file_can_be_downloaded_again(ada: User, world: World) -> None:
    job_id = await ada.archived()
    await ada.change(job_id, lambda job: transitions.begin_restore(job, ada.now))
    world.ports.results._bucket.put("back", b"as it was", content_type="text/plain")
    keys = {"annotated.vcf.gz": "back"}
    await ada.change(
        job_id, lambda job: transitions.restore(job, keys, timedelta(minutes=5), ada.now)
    )

    response = await ada.call("GET", f"/jobs/{job_id}/files/annotated.vcf.gz")

    assert world.ports.results.fetch(response.headers["Location"]) == b"as it was"


async def test_a_job_without_a_result_has_no_log(ada: User) -> None:
    job_id = await ada.submitted()

    response = await ada.call("GET", f"/jobs/{job_id}/log")

    assert (response.status_code, response.json()["code"]) == (404, "file_not_found")
