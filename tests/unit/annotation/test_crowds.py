"""Many records at one place must not cost quadratic time."""

import re

import pytest

from gas.annotation import LOG, Limits
from gas.domain.errors import ErrorCode, PermanentError

from .conftest import START_LOST, Annotate, vcf_text


async def test_bcftools_is_asked_once_for_each_allele_however_many_records_carry_it(
    annotate_bytes: Annotate,
) -> None:
    """It needs quadratic time for records at one position."""
    sites = ("3243\t.\tA\tG,T", "3243\t.\ta\tt", "3243\t.\tA\tG", "3243\t.\tA\t*,G")
    records = [f"MT\t{site}\t.\t.\t." for site in sites * 50]
    annotated = await annotate_bytes(vcf_text(*records, START_LOST))
    log = annotated.result.files[LOG].path.read_text()
    (asked,) = re.findall(r"^Lines\s+total/\S+\s+(\d+)/", log, re.MULTILINE)
    assert int(asked) == 3
    known = annotated.info(3)["DBSNP"].removeprefix(".,")
    for index in range(0, len(records), 4):
        rows = [annotated.info(index + n) for n in range(4)]
        assert [row.get("DBSNP", "").split(",")[-1] for row in rows[2:]] == [known, known]
        assert rows[0]["DBSNP"].split(",")[0] == known
        assert {row["GENE"].split(",")[-1] for row in rows} == {"MT-TL1"}
    assert annotated.info(len(records))["CONSEQUENCE"] == "start_lost"


class TestCrowds:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(max_alleles_nearby=3)

    async def test_too_many_different_alleles_in_one_place(self, annotate_bytes: Annotate) -> None:
        """Bcftools norm needs quadratic time for these."""
        far = "MT\t2243\t.\tA\tG\t.\t.\t."  # a thousand bases before
        crowd = [f"MT\t3243\t.\tA\t{alternate}\t.\t.\t." for alternate in ("C", "G", "T,a")]
        fits = await annotate_bytes(vcf_text(far, *crowd, *crowd))
        assert fits.result.summary.annotated_alleles == 7
        near = "MT\t3244\t.\tG\tC\t.\t.\t."
        with pytest.raises(PermanentError, match=r"More than 3 different .* MT:3244\.$") as caught:
            await annotate_bytes(vcf_text(*crowd, near))
        assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
